package io.posthaste.cli;

import io.posthaste.config.SecretFile;
import io.posthaste.sign.SigningKey;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Where {@code sign} and {@code verify} take the key from: never from an argument, which every user of a machine can read. */
final class KeySource {
    private static final String VARIABLE = "POSTHASTE_KEYS_SIGNING";

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            description = "File that holds the signing key, such as data/signing.key. Default: the environment's "
                    + VARIABLE + ".")
    private @Nullable Path file;

    SigningKey key(Terminal terminal, CommandSpec command) {
        String text =
                file != null ? SecretFile.read(file) : terminal.environment().getOrDefault(VARIABLE, "");
        if (text.isEmpty()) {
            throw new ParameterException(
                    command.commandLine(), "no signing key: set " + VARIABLE + " or name a file with --key-file");
        }
        return SigningKey.of(text);
    }
}
