package io.posthaste;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What README and docs say to type is typed, in bash, in their order: {@code $} begins a command. */
class DocsIT {
    private static final Path ROOT = Path.of("..");

    /** From README these need a machine of their own. */
    private static final List<String> ELSEWHERE =
            List.of("scripts/start", "scripts/demo", "scripts/cluster", "java -jar");

    @AutoClose
    private final TestGateway gateway =
            new TestGateway().with("BIN_ENABLED", "true").start();

    @TempDir
    Path directory = Path.of("replaced by JUnit");

    @Test
    void whatTheDocsSayToTypeWorks() throws Exception {
        prepare();
        List<String> typed = new ArrayList<>();
        for (String page : List.of(
                "README.md",
                "docs/enqueue.md",
                "docs/security.md",
                "docs/reporting.md",
                "docs/api.md",
                "docs/operating.md",
                "docs/scaling.md")) {
            for (String command : commands(page)) {
                typed.add(command);
                type(page, command);
            }
        }
        assertThat(typed).hasSizeGreaterThan(10);
        assertThat(gateway.results("job-1")).last().extracting("event").isEqualTo("sent");
    }

    @Test
    void noLineOfThemIsTooLongToRead() throws IOException {
        for (Path page : pages()) {
            boolean[] verbatim = {false};
            assertThat(Files.readAllLines(page))
                    .as(page.toString())
                    .filteredOn(line -> {
                        verbatim[0] ^= line.startsWith("```");
                        return !verbatim[0] && !line.startsWith("|");
                    })
                    .allSatisfy(line -> assertThat(line.length()).as(line).isLessThanOrEqualTo(120));
        }
    }

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        for (Path page : pages()) {
            var links = Pattern.compile("]\\(([^)#:]+)\\)").matcher(Files.readString(page));
            while (links.find()) {
                assertThat(page.resolveSibling(links.group(1)))
                        .as(page + ": " + links.group(1))
                        .exists();
            }
        }
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(
                            Stream.of(ROOT.resolve("README.md")),
                            docs.filter(page -> page.toString().endsWith(".md")))
                    .toList();
        }
    }

    /** Where {@code scripts/start} has put a token, a key and a password. */
    private void prepare() throws IOException {
        Files.createDirectories(directory.resolve("data/redis"));
        Files.writeString(directory.resolve("data/admin.token"), TestGateway.TOKEN);
        Files.writeString(directory.resolve("data/redis/password"), "");
        Path script = Files.createDirectories(directory.resolve("scripts")).resolve("posthaste");
        Files.writeString(
                script,
                "#!/bin/sh\nexec \"%s/bin/java\" -cp '%s' io.posthaste.cli.Main \"$@\" 2>&1\n"
                        .formatted(System.getProperty("java.home"), System.getProperty("java.class.path")));
        assertThat(script.toFile().setExecutable(true)).isTrue();
    }

    /** A command may go on over the lines after it; what it printed stands in no block with another command. */
    private static List<String> commands(String page) throws IOException {
        List<String> commands = new ArrayList<>();
        boolean within = false;
        for (String line : Files.readAllLines(ROOT.resolve(page))) {
            if (line.startsWith("$ ")) {
                within = ELSEWHERE.stream().noneMatch(line.substring(2)::startsWith);
                if (within) {
                    commands.add(line.substring(2));
                }
            } else if (line.startsWith("```")) {
                within = false;
            } else if (within) {
                commands.add(commands.removeLast() + "\n" + line);
            }
        }
        return commands;
    }

    private void type(String page, String command) throws IOException, InterruptedException {
        int port = URI.create(gateway.address()).getPort();
        String script = "set -eu -o pipefail\ncurl() { command curl --fail-with-body \"$@\"; }\n"
                + "TOKEN=$(cat data/admin.token)\nREDISCLI_AUTH=$(cat data/redis/password)\n"
                + command.replace(":8080", ":" + port)
                        .replace(
                                "-p 6390",
                                "-p " + URI.create(gateway.redis.uri()).getPort());
        ProcessBuilder bash = new ProcessBuilder("bash", "-c", script);
        bash.directory(directory.toFile()).redirectErrorStream(true);
        bash.environment().putAll(gateway.environment());
        bash.environment().put("POSTHASTE_ADMIN_PORT", Integer.toString(port));
        Process process = bash.start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(page + ": " + command + "\n" + said).isZero();
        await().atMost(Duration.ofSeconds(20)).until(this::isQuiet);
    }

    /** What one command enqueued the next looks at. */
    private boolean isQuiet() {
        return gateway.commands.xlen(TestGateway.KEYS.inbox()) == 0
                && gateway.commands.zcard(TestGateway.KEYS.leased()) == 0;
    }
}
