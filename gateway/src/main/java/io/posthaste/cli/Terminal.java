package io.posthaste.cli;

import io.posthaste.json.MalformedJson;
import io.posthaste.json.Problem;
import io.posthaste.json.StrictJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What a command finds around it; what it prints goes to its {@code CommandLine}'s writers. */
public record Terminal(InputStream input, Map<String, String> environment, InstantSource clock) {

    /** The bytes of {@code file}, or of standard input when none is named, exactly as they are. */
    byte[] body(@Nullable Path file, CommandSpec command) {
        try {
            return file == null || file.equals(Path.of("-")) ? input.readAllBytes() : Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new ParameterException(command.commandLine(), file + ": no such file", e);
        } catch (IOException e) {
            throw new ParameterException(command.commandLine(), "the body cannot be read: " + e, e);
        }
    }

    /** The same as text, which must be one JSON document. */
    String json(@Nullable Path file, CommandSpec command) {
        try {
            String text = StrictJson.text(body(file, command));
            new StrictJson().read(text);
            return text;
        } catch (MalformedJson malformed) {
            Problem problem = malformed.problem();
            throw new ParameterException(
                    command.commandLine(),
                    "%s, line %d, column %d: %s"
                            .formatted(
                                    file == null ? "standard input" : file,
                                    problem.line(),
                                    problem.column(),
                                    problem.message()),
                    malformed);
        }
    }
}
