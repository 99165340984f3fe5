package io.posthaste.redis.embedded;

import io.posthaste.redis.KnownHoles;
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
    private static final KnownHoles HOLES = KnownHoles.load();
    private static final long OLDEST = KnownHoles.number("7");
    private static final Pattern VERSION = Pattern.compile("v=(\\d+(?:\\.\\d+)*)");
    private static final String BUNDLED_VERSION = "7.0.15";
    private static final String BUNDLED = "redis-server-" + BUNDLED_VERSION + "-";

    private RedisBinary() {}

    /**
     * A server program.
     *
     * @param holes what it is known to be vulnerable by
     */
    record Found(Path program, List<KnownHoles.Hole> holes) {}

    /**
     * The first {@code redis-server} or {@code valkey-server} of version 7 or later on {@code searchPath} that is not known
     * to be vulnerable; otherwise the first there is, or the bundled one, unpacked into {@code directory}.
     */
    static Found find(String searchPath, Path directory) {
        List<Found> installed = Stream.of("redis", "valkey")
                .flatMap(
                        product -> onPath(product + "-server", searchPath).flatMap(program -> judged(product, program)))
                .toList();
        return installed.stream()
                .filter(found -> found.holes().isEmpty())
                .findFirst()
                .or(() -> installed.stream().findFirst())
                .orElseGet(() -> new Found(unpack(directory), HOLES.of("redis", BUNDLED_VERSION)));
    }

    /** Empty for one that is too old, or does not say its version. */
    private static Stream<Found> judged(String product, Path program) {
        Matcher version = VERSION.matcher(said(program.toString(), "--version"));
        if (!version.find() || KnownHoles.number(version.group(1)) < OLDEST) {
            return Stream.empty();
        }
        List<KnownHoles.Hole> holes = HOLES.of(product, version.group(1)).stream()
                .filter(hole -> !isFixed(program, hole))
                .toList();
        return Stream.of(new Found(program, holes));
    }

    /** Debian keeps the version and backports fixes: its package knows. */
    private static boolean isFixed(Path program, KnownHoles.Hole hole) {
        if (hole.debianFix().equals("-")) {
            return false;
        }
        try {
            String owner = said("dpkg-query", "-S", program.toRealPath().toString());
            int colon = owner.indexOf(':');
            String installed = colon < 0 ? "" : said("dpkg-query", "-W", "-f", "${Version}", owner.substring(0, colon));
            return !installed.isBlank()
                    && said(
                                    "sh",
                                    "-c",
                                    "dpkg --compare-versions \"$1\" ge \"$2\" && echo yes",
                                    "sh",
                                    installed,
                                    hole.debianFix())
                            .startsWith("yes");
        } catch (IOException e) {
            return false;
        }
    }

    /** What a program says, empty when it cannot be run. */
    private static String said(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String answer = new String(process.getInputStream().readNBytes(1_000), StandardCharsets.UTF_8);
            return process.waitFor(5, TimeUnit.SECONDS) && process.exitValue() == 0 ? answer : "";
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    static Stream<Path> onPath(String name, String searchPath) {
        return Pattern.compile(File.pathSeparator)
                .splitAsStream(searchPath)
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable);
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
