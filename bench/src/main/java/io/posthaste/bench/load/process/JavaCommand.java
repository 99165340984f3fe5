package io.posthaste.bench.load.process;

import java.util.ArrayList;
import java.util.List;

/** The beginning of a command line that runs this JVM's {@code java}. */
final class JavaCommand {
    private JavaCommand() {}

    static List<String> with(String... options) {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(List.of(options));
        return command;
    }
}
