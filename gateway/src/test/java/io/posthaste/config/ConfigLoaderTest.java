package io.posthaste.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigLoaderTest {
    @TempDir
    Path directory;

    @Test
    void contractDefaultsHoldWithoutFileAndEnvironment() {
        GatewayConfig config = ConfigLoader.load(null, Map.of());

        assertThat(config.admin().host()).isEqualTo("127.0.0.1");
        assertThat(config.admin().port()).isEqualTo(8080);
        assertThat(config.admin().token()).isNull();
        assertThat(config.redis().isEmbedded()).isTrue();
        assertThat(config.redis().shards()).as("auto").isZero();
        assertThat(config.redis().embedded().port()).isEqualTo(6390);
        assertThat(config.redis().embedded().directory()).isEqualTo(Path.of("data/redis"));
        assertThat(config.send().allowAddresses()).isEmpty();
        assertThat(config.egress().ipAddresses()).isEmpty();
        assertThat(config.dedupe().window()).isZero();
        assertThat(config.history().sent()).isEqualTo(Duration.ofHours(24));
        assertThat(config.history().failed()).isEqualTo(Duration.ofDays(7));
        assertThat(config.send().headerPrefix()).isEqualTo("X-CIO-");
        assertThat(config.time().scale()).isEqualTo(1.0);
    }

    @Test
    void fileOverridesDefaultsAndEnvironmentOverridesFile() throws IOException {
        Path file = yaml("""
                send:
                  max-in-flight: 2000
                  max-idle: 45s
                """);

        GatewayConfig config = ConfigLoader.load(file, Map.of("POSTHASTE_SEND_MAX_IN_FLIGHT", "300", "PATH", "/bin"));

        assertThat(config.send().maxInFlight()).isEqualTo(300);
        assertThat(config.send().maxIdle()).isEqualTo(Duration.ofSeconds(45));
    }

    @Test
    void sectionsMayBeNestedOrDotted() throws IOException {
        GatewayConfig config = ConfigLoader.load(yaml("""
                redis.embedded.port: 7001
                redis:
                  embedded.directory: /tmp/x
                """), Map.of());

        assertThat(config.redis().embedded().port()).isEqualTo(7001);
        assertThat(config.redis().embedded().directory()).isEqualTo(Path.of("/tmp/x"));
    }

    @Test
    void valuesAreTheTextThatWasWrittenWhateverYamlThinks() throws IOException {
        GatewayConfig config = ConfigLoader.load(yaml("redis: {embedded: {fsync: no}}\n"), Map.of());

        assertThat(config.redis().embedded().fsync()).isEqualTo("no");
    }

    @Test
    void listsAreYamlListsOrCommas() throws IOException {
        Path file = yaml("""
                send:
                  allow-addresses: [127.0.0.1/32:9080, "fd00::/8"]
                  deny-addresses: "10.0.0.0/8, [::1]:80"
                  allow-ports:
                    - 25
                    - 6000
                """);

        GatewayConfig.Send send = ConfigLoader.load(
                        file, Map.of("POSTHASTE_EGRESS_IP_ADDRESSES", "192.0.2.1,2001:db8::1"))
                .send();

        assertThat(send.allowAddresses()).containsExactly("127.0.0.1/32:9080", "fd00::/8");
        assertThat(send.denyAddresses()).containsExactly("10.0.0.0/8", "[::1]:80");
        assertThat(send.allowPorts()).containsExactly(25, 6000);
    }

    @ParameterizedTest
    @CsvSource({
        "250ms, PT0.25S",
        "4s, PT4S",
        "1m, PT1M",
        "12h, PT12H",
        "7d, PT168H",
        "0s, PT0S",
    })
    void durationsAreANumberAndItsUnit(String text, Duration expected) {
        assertThat(Units.duration(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"512B, 512", "64KiB, 65536", "1MiB, 1048576", "2GiB, 2147483648"})
    void sizesAreANumberAndItsUnit(String text, long expected) {
        assertThat(Units.bytes(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            send.max-in-flight    | 0          | auto or a whole number from 1 to 100000
            send.max-in-flight    | many       | auto or a whole number from 1 to 100000
            admin.port            | 65536      | a whole number from 0 to 65535
            send.dns-timeout      | 3          | a duration from 100ms to 30s with its unit: ms, s, m, h or d
            send.dns-timeout      | 3 weeks    | a duration from 100ms to 30s with its unit: ms, s, m, h or d
            send.dns-timeout      | 1h         | a duration from 100ms to 30s with its unit: ms, s, m, h or d
            send.dns-timeout      | 999999999999999d | a duration from 100ms to 30s with its unit: ms, s, m, h or d
            render.max-source     | 65536      | a size from 1KiB to 1MiB with its unit: B, KiB, MiB or GiB
            render.max-source     | 64kb       | a size from 1KiB to 1MiB with its unit: B, KiB, MiB or GiB
            redis.embedded.fsync  | sometimes  | one of always, everysec, no
            redis.uri             | localhost  | embedded, redis://..., rediss://... or several with commas
            bin.enabled           | yes        | one of true, false
            time.scale            | 0.5        | a number from 1 to 1000000
            time.scale            | NaN        | a number from 1 to 1000000
            send.header-prefix    | X CIO      | letters and digits that end in -, such as X-CIO-
            send.allow-addresses  | localhost  | an IP address or CIDR, optionally with a port, such as 10.1.0.0/16:8443
            send.allow-ports      | 0          | a port from 1 to 65535
            egress.ip-addresses   | 10.0.0.0/8 | an IP address
            admin.masked-names    | *          | letters, digits, - _ . and *, not * alone
            admin.masked-names    | x tenant   | letters, digits, - _ . and *, not * alone
            """)
    void badValueIsNamedWithKeyPlaceAndWhatIsAllowed(String key, String value, String allowed) {
        String variable = ConfigLoader.variable(key);

        assertThat(problems(Map.of(variable, value)))
                .containsExactly("%s = %s: must be %s (environment %s)".formatted(key, value, allowed, variable));
    }

    @Test
    void everyMistakeIsReportedAtOnceWithItsLine() throws IOException {
        Path file = yaml("""
                send:
                  max-inflight: 5
                  dns-timeout: 3
                tim:
                  scale: 2
                max-life: 5m
                """);

        assertThat(problems(file, Map.of("POSTHASTE_ADMIN_PORT", "http", "POSTHASTE_SEND_MAX_IDEL", "1s")))
                .containsExactlyInAnyOrder(
                        "admin.port = http: must be a whole number from 0 to 65535 (environment POSTHASTE_ADMIN_PORT)",
                        "send.dns-timeout = 3: must be a duration from 100ms to 30s with its unit: ms, s, m, h or d (%s line 3)"
                                .formatted(file),
                        "send.max-inflight: unknown key (%s line 2); did you mean send.max-in-flight?".formatted(file),
                        "tim.scale: unknown key (%s line 5); did you mean time.scale?".formatted(file),
                        "max-life: unknown key (%s line 6); did you mean send.max-life?".formatted(file),
                        "POSTHASTE_SEND_MAX_IDEL: unknown environment variable; did you mean POSTHASTE_SEND_MAX_IDLE?");
    }

    @ParameterizedTest
    @CsvSource({
        "POSTHASTE_JAVA_OPTS, -Xmx1g",
        "POSTHASTE_SERVICE_HOST, 10.0.0.1",
        "POSTHASTE_PORT_8080_TCP_ADDR, 10.0.0.1",
        "POSTHASTE_REDIS_PORT_6379_TCP, tcp://10.0.0.1:6379",
        "POSTHASTE_SEND_MAX_IN_FLIGHT, ''",
    })
    void variablesOfOthersAndEmptyOnesAreLeftAlone(String name, String value) {
        assertThat(ConfigLoader.load(null, Map.of(name, value))).isEqualTo(ConfigLoader.load(null, Map.of()));
    }

    @Test
    void secretsAppearInNoMessageAndNoText() {
        GatewayConfig config = ConfigLoader.load(
                null,
                Map.of(
                        "POSTHASTE_ADMIN_TOKEN", "tok-canary",
                        "POSTHASTE_KEYS_SIGNING", "key-canary",
                        "POSTHASTE_REDIS_URI", "redis://u:pw-canary@h1:1,redis://u:p@w-canary@h2:2"));

        assertThat(config.toString()).doesNotContain("canary").contains("redis://***@h1:1,redis://***@h2:2");
        assertThat(problems(Map.of("POSTHASTE_ADMIN_TOKEN", "has blank canary")))
                .containsExactly("admin.token = ***: must be 1 to 512 visible ASCII characters without spaces"
                        + " (environment POSTHASTE_ADMIN_TOKEN)");
        assertThat(problems(Map.of("POSTHASTE_REDIS_URI", "http://u:canary@h")).toString())
                .doesNotContain("canary");
    }

    @Test
    void brokenYamlIsNamedByLineWithoutQuotingIt() throws IOException {
        assertThat(problems(yaml("admin:\n  token: canary: x\n"), Map.of()).getFirst())
                .contains("line 2: not valid YAML: mapping values are not allowed here")
                .doesNotContain("canary");
        assertThat(problems(yaml("admin:\n  port: 1\n  port: 2\n"), Map.of()).getFirst())
                .contains("line 3: not valid YAML: Duplicate");
        assertThat(problems(yaml("admin:\n  port: 1\nadmin.port: 2\n"), Map.of())
                        .getFirst())
                .startsWith("admin.port: given twice");
        assertThat(problems(yaml("- a\n"), Map.of()).getFirst()).contains("line 1: not valid YAML: expected settings");
        assertThat(problems(yaml("send: {allow-ports: [[1]]}\n"), Map.of()).getFirst())
                .contains("plain value");
    }

    @Test
    void missingFileAndNoTextAreProblems() throws IOException {
        Path absent = directory.resolve("absent.yaml");
        assertThat(problems(absent, Map.of())).containsExactly(absent + ": no such file");

        Path binary = Files.write(
                directory.resolve("latin.yaml"), "admin: {host: \u00e9}".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(problems(binary, Map.of()).getFirst()).startsWith(binary + ": cannot be read as UTF-8 text");
    }

    @Test
    void emptyFileIsNoMistake() throws IOException {
        assertThat(ConfigLoader.load(yaml(""), Map.of())).isEqualTo(ConfigLoader.load(null, Map.of()));
    }

    @Test
    void listeningBeyondLoopbackNeedsAProxy() {
        assertThat(problems(Map.of("POSTHASTE_ADMIN_HOST", "0.0.0.0")).getFirst())
                .startsWith("admin.host = 0.0.0.0: beyond loopback");
        assertThat(ConfigLoader.load(
                                null, Map.of("POSTHASTE_ADMIN_HOST", "0.0.0.0", "POSTHASTE_ADMIN_BEHIND_PROXY", "true"))
                        .admin()
                        .host())
                .isEqualTo("0.0.0.0");
    }

    @Test
    void secretFileIsMadeOnceForItsOwnerOnly() throws IOException {
        Path file = directory.resolve("new/secret");

        assertThat(SecretFile.readOrCreate(file, () -> "first")).isEqualTo("first");
        assertThat(SecretFile.readOrCreate(file, () -> "second")).isEqualTo("first");
        assertThat(Files.getPosixFilePermissions(file)).hasToString("[OWNER_READ, OWNER_WRITE]");
        try (var left = Files.list(directory.resolve("new"))) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void emptySecretFileIsAMistake() throws IOException {
        Path file = Files.writeString(directory.resolve("secret"), "\n");

        assertThatThrownBy(() -> SecretFile.readOrCreate(file, () -> "x"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("is empty");
    }

    private Path yaml(String text) throws IOException {
        return Files.writeString(directory.resolve("test.yaml"), text);
    }

    private static List<String> problems(Map<String, String> environment) {
        return catchThrowableOfType(ConfigException.class, () -> ConfigLoader.load(null, environment))
                .problems();
    }

    private static List<String> problems(Path file, Map<String, String> environment) {
        return catchThrowableOfType(ConfigException.class, () -> ConfigLoader.load(file, environment))
                .problems();
    }
}
