package io.posthaste.cli;

import picocli.CommandLine.Mixin;

/** A command that talks to a running gateway. */
abstract class GatewayCommand extends ShellCommand {
    @Mixin
    final GatewayAccess access = new GatewayAccess();

    GatewayCommand(Terminal terminal) {
        super(terminal);
    }
}
