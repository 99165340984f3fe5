package io.posthaste;

import io.posthaste.cli.Main;
import io.posthaste.cli.Terminal;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;

/** A terminal to type commands into: its environment, its clock, and what comes in on standard input. */
public record Shell(Map<String, String> environment, InstantSource clock, String input) {

    /** What a command left behind. */
    public record Result(int code, String out, String err) {}

    Shell with(String newInput) {
        return new Shell(environment, clock, newInput);
    }

    public Result run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        var input = new ByteArrayInputStream(this.input.getBytes(StandardCharsets.UTF_8));
        int code = Main.commandLine(new Terminal(input, environment, clock))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
        return new Result(code, out.toString(), err.toString());
    }
}
