package io.posthaste.redis.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The embedded server's directory, locked by this process for as long as it runs. */
final class RedisDirectory {
    private static final String PASSWORD = "password";
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final Pattern PID_FILE = Pattern.compile("redis-(\\d{1,5})\\.pid");
    private static final Pattern SERVER = Pattern.compile(".*(redis|valkey)[^/]*");
    /** Of 2 ms each: how long a server that is ending may take to write what it holds. */
    private static final int PATIENCE = 15_000;

    private final Path path;
    private final FileChannel channel;
    private final FileLock lock;
    private final String password;

    private RedisDirectory(Path path, FileChannel channel, FileLock lock) throws IOException {
        this.path = path;
        this.channel = channel;
        this.lock = lock;
        this.password = password(path);
    }

    /** What the server asks of its clients: random, in a file for its owner only, the same from start to start. */
    String password() {
        return password;
    }

    /** The password of the server of that directory, as long as it was started once. */
    static String passwordIn(Path directory) {
        try {
            return Files.readString(directory.resolve(PASSWORD)).strip();
        } catch (IOException e) {
            throw new EmbeddedRedisException("no password of an embedded Redis in " + directory + ": " + e, e);
        }
    }

    /** The same as a configuration file: an argument of the program could be seen by everybody on the machine. */
    Path accessFile() {
        Path access = path.resolve("access.conf");
        try {
            Files.deleteIfExists(access);
            Files.writeString(Files.createFile(access, OWNER_ONLY), "requirepass " + password + "\n");
            return access;
        } catch (IOException e) {
            throw new EmbeddedRedisException("%s cannot be written: %s".formatted(access, e), e);
        }
    }

    /** Asks a server that may be ours. */
    RedisProbe probe(int port) {
        return new RedisProbe(port, password);
    }

    private static String password(Path path) throws IOException {
        Path file = path.resolve(PASSWORD);
        if (!Files.exists(file)) {
            byte[] bytes = new byte[32];
            new SecureRandom().nextBytes(bytes);
            Files.writeString(Files.createFile(file, OWNER_ONLY), HexFormat.of().formatHex(bytes));
        }
        String password = Files.readString(file).strip();
        if (!password.matches("[!-~]{16,256}") || password.contains("\"") || password.contains("\\")) {
            throw new EmbeddedRedisException(
                    file + " does not hold a password of 16 to 256 visible ASCII characters; delete it for a new one",
                    null);
        }
        return password;
    }

    /** Makes the directory if need be, for its owner only, and takes it; the lock ends with the process at the latest. */
    static RedisDirectory lock(Path directory) {
        try {
            create(directory.toAbsolutePath());
            Path path = directory.toRealPath();
            FileChannel channel = FileChannel.open(
                    path.resolve("gateway.lock"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                String holder = Files.readString(path.resolve("gateway.lock"));
                channel.close();
                throw new EmbeddedRedisException(
                        "%s is in use by another gateway (process %s); stop that one, or set redis.embedded.directory and redis.embedded.port"
                                .formatted(directory, holder),
                        null);
            }
            channel.truncate(0).write(ByteBuffer.wrap(own().getBytes(StandardCharsets.US_ASCII)));
            return new RedisDirectory(path, channel, lock);
        } catch (IOException e) {
            throw new EmbeddedRedisException("%s cannot be used for Redis: %s".formatted(directory, e), e);
        }
    }

    void unlock() {
        try {
            lock.release();
            channel.close();
        } catch (IOException e) {
            throw new EmbeddedRedisException("cannot give back " + path + ": " + e, e);
        }
    }

    Path path() {
        return path;
    }

    Path log() {
        return path.resolve("redis.log");
    }

    /** Redis writes it at start and removes it at a good end; the port in its name tells where to ask. */
    Path pidFile(int port) {
        return path.resolve("redis-" + port + ".pid");
    }

    /**
     * A server that an earlier gateway left running here, if it listens on {@code port}. One on another port is ended,
     * and one that is ending is waited for.
     */
    Optional<ProcessHandle> leftRunning(int port) {
        Optional<ProcessHandle> found = Optional.empty();
        for (Path file : pidFiles()) {
            int itsPort = port(file);
            Optional<ProcessHandle> process = process(file);
            if (process.isPresent() && itsPort == port && isOurs(process.get(), itsPort)) {
                found = process;
            } else if (process.isPresent()) {
                end(process.get(), itsPort);
            }
        }
        return found;
    }

    String lastLogLine() {
        try (Stream<String> lines = Files.lines(log())) {
            return lines.filter(line -> !line.isBlank()).reduce("its log is empty", (earlier, later) -> later);
        } catch (IOException e) {
            return "see " + log();
        }
    }

    static void pause() {
        LockSupport.parkNanos(2_000_000);
    }

    /** Whether that process listens there and writes here. */
    boolean isOurs(ProcessHandle process, int port) {
        return probe(port)
                .identify()
                .filter(who -> who.pid() == process.pid() && who.directory().equals(path))
                .isPresent();
    }

    private void end(ProcessHandle process, int port) {
        for (int tries = 0; process.isAlive(); tries++) {
            if (tries == 0 && isOurs(process, port)) {
                process.destroy();
            }
            if (tries == PATIENCE) {
                throw new EmbeddedRedisException(
                        "process %d may still write to %s and does not end; stop it and start again"
                                .formatted(process.pid(), path),
                        null);
            }
            pause();
        }
    }

    private List<Path> pidFiles() {
        try (Stream<Path> files = Files.list(path)) {
            return files.filter(file ->
                            PID_FILE.matcher(file.getFileName().toString()).matches())
                    .toList();
        } catch (IOException e) {
            throw new EmbeddedRedisException("%s cannot be read: %s".formatted(path, e), e);
        }
    }

    private static int port(Path pidFile) {
        Matcher name = PID_FILE.matcher(pidFile.getFileName().toString());
        return name.matches() ? Integer.parseInt(name.group(1)) : 0;
    }

    /** The running server a file names; the number may long belong to some other program, which is none of our business. */
    private static Optional<ProcessHandle> process(Path pidFile) {
        try {
            return ProcessHandle.of(Long.parseLong(Files.readString(pidFile).strip()))
                    .filter(process ->
                            SERVER.matcher(process.info().command().orElse("")).matches());
        } catch (IOException | NumberFormatException goneOrUnfinished) {
            return Optional.empty();
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            return null;
        }
    }

    private static String own() {
        return Long.toString(ProcessHandle.current().pid());
    }

    private static void create(Path directory) throws IOException {
        Path parent = directory.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        try {
            Files.createDirectory(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException present) {
            // The usual case: our data is in it.
        }
    }
}
