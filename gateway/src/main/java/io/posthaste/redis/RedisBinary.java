package io.posthaste.redis;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds a Redis server program: an installed one, otherwise the one that comes in a jar on the class path. */
final class RedisBinary {
    private static final int OLDEST = 7;
    private static final Pattern VERSION = Pattern.compile("v=(\\d+)\\.");
    private static final String BUNDLED = "redis-server-7.0.15-";

    private RedisBinary() {}

    /**
     * The first {@code redis-server} or {@code valkey-server} of version 7 or later on {@code searchPath}, or the bundled
     * one, unpacked into {@code directory}.
     */
    static Path find(String searchPath, Path directory) {
        return Stream.of("redis-server", "valkey-server")
                .flatMap(name -> onPath(name, searchPath))
                .filter(RedisBinary::isRecent)
                .findFirst()
                .orElseGet(() -> unpack(directory));
    }

    static Stream<Path> onPath(String name, String searchPath) {
        return Pattern.compile(File.pathSeparator)
                .splitAsStream(searchPath)
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable);
    }

    private static boolean isRecent(Path program) {
        try {
            Process process = new ProcessBuilder(program.toString(), "--version")
                    .redirectErrorStream(true)
                    .start();
            String answer = new String(process.getInputStream().readNBytes(1_000), StandardCharsets.UTF_8);
            Matcher version = VERSION.matcher(answer);
            return process.waitFor(5, TimeUnit.SECONDS)
                    && version.find()
                    && Integer.parseInt(version.group(1)) >= OLDEST;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Path unpack(Path directory) {
        String name = BUNDLED + platform(System.getProperty("os.name"), System.getProperty("os.arch"));
        Path program = directory.resolve(name);
        try (InputStream content = RedisBinary.class.getResourceAsStream("/" + name)) {
            if (content == null) {
                throw new EmbeddedRedisException(
                        "no redis-server or valkey-server of version 7 or later on the PATH and none bundled for this"
                                + " platform (" + name + "); install one, or set redis.uri",
                        null);
            }
            if (!Files.isExecutable(program)) {
                Path draft = Files.createTempFile(directory, name, ".new");
                Files.copy(content, draft, StandardCopyOption.REPLACE_EXISTING);
                Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rwx------"));
                Files.move(draft, program, StandardCopyOption.ATOMIC_MOVE);
            }
            return program;
        } catch (IOException e) {
            throw new EmbeddedRedisException("cannot unpack " + program + ": " + e, e);
        }
    }

    private static String platform(String system, String architecture) {
        boolean mac = system.toLowerCase(Locale.ROOT).startsWith("mac");
        String arch = switch (architecture) {
            case "amd64", "x86_64" -> "amd64";
            case "aarch64", "arm64" -> "arm64";
            default -> architecture;
        };
        return (mac ? "darwin-" : "linux-") + arch;
    }

    /** What makes a program leave the terminal's session, so that Ctrl-C reaches the gateway alone; empty if nothing. */
    static List<String> ownSession(String searchPath) {
        Optional<List<String>> setsid =
                onPath("setsid", searchPath).findFirst().map(program -> List.of(program.toString()));
        // macOS has no setsid program, but it has Perl.
        return setsid.or(() -> onPath("perl", searchPath)
                        .findFirst()
                        .map(perl -> List.of(perl.toString(), "-MPOSIX=setsid", "-e", "setsid; exec @ARGV or die $!")))
                .orElse(List.of());
    }
}
