package io.posthaste.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.Shell;
import io.posthaste.Shell.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
    private static final String KEY = "d41d8cd98f00b204e9800998ecf8427ed41d8cd98f00b204e9800998ecf8427e";
    private static final String BODY = "{\"id\":\"1\",\"email\":\"win@customer.io\"}";
    private static final String SIGNATURE = "f1b40be5c944a6e7d8d9d49127f100977b52665af7ff372658289b05280dc3bc";

    @TempDir
    Path directory;

    @Test
    void signPrintsTheHeadersOfStandardInput() {
        assertThat(run(Map.of("POSTHASTE_KEYS_SIGNING", KEY), "sign", "--timestamp", "1613063089"))
                .isEqualTo(new Result(0, "X-CIO-Timestamp: 1613063089\nX-CIO-Signature: " + SIGNATURE + "\n", ""));
    }

    @Test
    void signTakesBodyAndKeyFromFilesAndTheTimeFromTheClock() throws IOException {
        Path body = Files.writeString(directory.resolve("body"), BODY);
        Path key = Files.writeString(directory.resolve("key"), KEY + "\n");

        Result result = run(Map.of(), "sign", "--key-file", "" + key, "--header-prefix", "X-Acme-", "" + body);

        assertThat(result.out()).isEqualTo("X-Acme-Timestamp: 1613063089\nX-Acme-Signature: " + SIGNATURE + "\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1613063089 | f1b40be5c944a6e7d8d9d49127f100977b52665af7ff372658289b05280dc3bc | 5m   | 0 | valid
            1613063088 | f1b40be5c944a6e7d8d9d49127f100977b52665af7ff372658289b05280dc3bc | 5m   | 1 | mismatch
            1613063089 | f1b4                                                             | 5m   | 4 | malformed_signature
            now        | f1b40be5c944a6e7d8d9d49127f100977b52665af7ff372658289b05280dc3bc | 5m   | 4 | malformed_timestamp
            """)
    void verifyTellsVerdictsApartByTextJsonAndExitCode(
            String timestamp, String signature, String tolerance, int code, String verdict) {
        String[] arguments = {"verify", "--timestamp", timestamp, "--signature", signature, "--tolerance", tolerance};
        Result text = run(Map.of("POSTHASTE_KEYS_SIGNING", KEY), arguments);
        Result json = run(Map.of("POSTHASTE_KEYS_SIGNING", KEY), append(arguments, "--json"));

        assertThat(text.code()).isEqualTo(code);
        assertThat(text.out()).startsWith(verdict.replace('_', ' '));
        assertThat(json)
                .isEqualTo(new Result(code, "{\"valid\":%s,\"verdict\":\"%s\"}\n".formatted(code == 0, verdict), ""));
    }

    @Test
    void verifyFindsAnOldTimestampStale() {
        Result result = run(
                Instant.ofEpochSecond(1_613_063_089 + 61),
                Map.of("POSTHASTE_KEYS_SIGNING", KEY),
                "verify",
                "--timestamp",
                "1613063089",
                "--signature",
                SIGNATURE,
                "--tolerance",
                "1m");

        assertThat(result)
                .isEqualTo(new Result(
                        3, "stale: the signature is right, but the timestamp is more than 1m from now\n", ""));
    }

    @Test
    void explainRetriesPrintsEveryAttemptOfThePolicy() {
        Result result = run(Map.of(), "explain-retries", "--from", "2026-01-15T10:00:00Z");

        assertThat(result.code()).isZero();
        assertThat(result.out().lines().limit(12))
                .hasSize(12)
                .last()
                .asString()
                .isEqualTo(
                        "     11   1h30m5s          3h  2026-01-15T13:00:00Z  2026-01-15T12:42:00Z  2026-01-15T13:18:40Z");
        assertThat(result.out()).contains("Policy standard: 10 retries over 3h.");
    }

    @Test
    void explainRetriesKnowsTheOtherPolicyAndOwnDelays() {
        assertThat(run(Map.of(), "explain-retries", "--policy", "brisk").out()).contains("brisk: 11 retries over 1h.");
        assertThat(run(Map.of(), "explain-retries", "--delays", "250ms,1m", "--timeout", "2s")
                        .out())
                .contains("explicit: 2 retries over 1m250ms.")
                .contains("takes its 2s");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            sign                                      | no signing key: set POSTHASTE_KEYS_SIGNING or name a file with --key-file
            sign --key secret                         | Unknown option: '--key'
            sign --key-file /nowhere/key              | /nowhere/key: no such file
            verify --timestamp 1                      | Missing required option: '--signature=HEX'
            verify --timestamp 1 --signature x --tolerance 5 | '5' needs a number and a unit: ms, s, m, h or d
            explain-retries --policy slow             | 'slow' must be standard or brisk
            explain-retries --policy brisk --delays 1s| mutually exclusive
            explain-retries --from yesterday          | 'yesterday' must be a time such as 2026-01-15T10:00:00Z
            explain-retry                             | Did you mean: posthaste explain-retries
            ''                                        | Missing required subcommand
            """)
    void wrongUsageIsExplainedWithExitCodeTwo(String arguments, String message) {
        Result result = run(Map.of(), arguments.isEmpty() ? new String[0] : arguments.split(" "));

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains(message);
        assertThat(result.out()).isEmpty();
    }

    @Test
    void missingBodyFileIsNamed() {
        assertThat(run(Map.of("POSTHASTE_KEYS_SIGNING", KEY), "sign", "/nowhere/body")
                        .err())
                .contains("/nowhere/body: no such file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "serve", "demo", "enqueue", "preview", "redrive", "sign", "verify", "explain-retries"})
    void everyCommandHasHelp(String command) {
        Result result = command.isEmpty() ? run(Map.of(), "--help") : run(Map.of(), command, "--help");

        assertThat(result.code()).isZero();
        assertThat(result.out())
                .startsWith("Usage: posthaste")
                .contains("--help")
                .doesNotContain("=<");
    }

    @Test
    void versionIsPrinted() {
        assertThat(run(Map.of(), "--version").out()).startsWith("posthaste ");
    }

    private static Result run(Map<String, String> environment, String... arguments) {
        return run(Instant.ofEpochSecond(1_613_063_089), environment, arguments);
    }

    private static Result run(Instant now, Map<String, String> environment, String... arguments) {
        return new Shell(environment, () -> now, BODY).run(arguments);
    }

    private static String[] append(String[] arguments, String last) {
        String[] all = Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = last;
        return all;
    }
}
