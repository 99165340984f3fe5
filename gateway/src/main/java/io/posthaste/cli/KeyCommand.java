package io.posthaste.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that works with a signing key. */
abstract class KeyCommand implements Callable<Integer> {
    final Terminal terminal;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs.
    CommandSpec spec;

    @Mixin
    final KeySource keys = new KeySource();

    KeyCommand(Terminal terminal) {
        this.terminal = terminal;
    }
}
