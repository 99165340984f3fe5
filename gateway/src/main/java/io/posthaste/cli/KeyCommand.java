package io.posthaste.cli;

import picocli.CommandLine.Mixin;

/** A command that works with a signing key. */
abstract class KeyCommand extends ShellCommand {
    @Mixin
    final KeySource keys = new KeySource();

    KeyCommand(Terminal terminal) {
        super(terminal);
    }
}
