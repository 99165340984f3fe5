package io.posthaste.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that talks to a running gateway. */
abstract class GatewayCommand implements Callable<Integer> {
    final Terminal terminal;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs.
    CommandSpec spec;

    @Mixin
    final GatewayAccess access = new GatewayAccess();

    GatewayCommand(Terminal terminal) {
        this.terminal = terminal;
    }
}
