package io.posthaste.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command with what it finds around it. */
abstract class ShellCommand implements Callable<Integer> {
    final Terminal terminal;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs.
    CommandSpec spec;

    ShellCommand(Terminal terminal) {
        this.terminal = terminal;
    }
}
