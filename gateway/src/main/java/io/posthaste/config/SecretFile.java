package io.posthaste.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.function.Supplier;

/** A secret that lives in a file only its owner can read. */
public final class SecretFile {
    private SecretFile() {}

    /**
     * Answers the secret in {@code file}, without the line end. If there is none, keeps what {@code generate} makes, mode
     * 600; of several processes that start at once, all answer the same. An empty or unreadable file is a
     * {@link ConfigException}.
     */
    public static String readOrCreate(Path file, Supplier<String> generate) {
        if (Files.notExists(file)) {
            try {
                create(file.toAbsolutePath(), generate.get() + "\n");
            } catch (IOException e) {
                throw new ConfigException(List.of(file + ": the secret cannot be kept here: " + e));
            }
        }
        return read(file);
    }

    /** Answers the secret in {@code file}, without the line end; a {@link ConfigException} if there is none. */
    public static String read(Path file) {
        String secret = content(file).strip();
        if (secret.isEmpty()) {
            throw new ConfigException(
                    List.of(file + ": is empty; put the secret in it, or delete it to have one made"));
        }
        return secret;
    }

    private static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new ConfigException(List.of(file + ": no such file"));
        } catch (IOException e) {
            throw new ConfigException(List.of(file + ": the secret cannot be read: " + e));
        }
    }

    private static void create(Path file, String content) throws IOException {
        Path directory = file.getParent();
        if (directory == null) {
            throw new IOException("not a file name");
        }
        Files.createDirectories(directory);
        Path draft = Files.createTempFile(directory, "." + file.getFileName(), ".new");
        try {
            write(draft, content);
            // A link, not a move: it appears whole, and never replaces what another process has made meanwhile.
            Files.createLink(file, draft);
        } catch (FileAlreadyExistsException made) {
            // The other process' secret is the one.
        } finally {
            Files.delete(draft);
        }
    }

    private static void write(Path draft, String content) throws IOException {
        Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rw-------"));
        try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)));
            channel.force(true);
        }
    }
}
