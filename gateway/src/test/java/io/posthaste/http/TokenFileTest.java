package io.posthaste.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthaste.config.ConfigException;
import io.posthaste.testing.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenFileTest {
    /** SHA-256 of "viewer-token". */
    private static final String DIGEST = "d036bd6d01a1cae081d39a2f8dab751dc042de814fd60df31fcb553170950f29";

    @TempDir
    Path directory;

    private final ManualClock clock = new ManualClock(Instant.parse("2027-01-01T00:00:00Z"));

    @Test
    void eachLineOpensTheApiForItsRole() throws IOException {
        AccessTokens tokens = AccessTokens.admin("root").and(new TokenFiles(file("""
                # people
                grafana  read     %s

                """.formatted(DIGEST)), clock));

        assertThat(tokens.callerOf("viewer-token")).isEqualTo(new Caller("grafana", Access.READ));
        assertThat(tokens.callerOf("root")).isEqualTo(new Caller("admin", Access.ADMIN));
        assertThat(tokens.callerOf(DIGEST)).isEqualTo(Caller.NOBODY);
    }

    @Test
    void aTokenExpires() throws IOException {
        AccessTokens tokens = AccessTokens.admin("root").and(new TokenFiles(file("""
                until-noon read %s expires=2027-01-31T12:00:00Z
                """.formatted(DIGEST)), clock));
        assertThat(tokens.callerOf("viewer-token").access()).isEqualTo(Access.READ);

        clock.set(Instant.parse("2027-01-31T12:00:00Z"));

        assertThat(tokens.callerOf("viewer-token")).isEqualTo(Caller.NOBODY);
    }

    @Test
    void aDateMeansItsEnd() throws IOException {
        TokenFiles file = new TokenFiles(file("a read " + DIGEST + " expires=2027-01-31"), clock);

        clock.set(Instant.parse("2027-01-31T23:59:59Z"));
        assertThat(file.valid()).hasSize(1);
        clock.set(Instant.parse("2027-02-01T00:00:00Z"));
        assertThat(file.valid()).isEmpty();
    }

    @Test
    void whatIsTakenOutOfTheFileOpensNothingAnyMore() throws IOException {
        Path path = file("a read " + DIGEST);
        TokenFiles file = new TokenFiles(path, clock);

        Files.writeString(path, "a read the-token-itself");
        file.look();
        assertThat(file.valid()).as("a slip of the pen").hasSize(1);

        Files.writeString(path, "# nobody");
        file.look();
        assertThat(file.valid()).isEmpty();

        Files.writeString(path, "a operate " + DIGEST);
        file.look();
        assertThat(file.valid()).extracting(entry -> entry.caller().access()).containsExactly(Access.OPERATE);

        Files.delete(path);
        file.look();
        assertThat(file.valid()).as("an editor at work").hasSize(1);
        file.look();
        assertThat(file.valid()).isEmpty();
    }

    @Test
    void noFileMeansNoMoreTokens() {
        assertThat(TokenFile.read(directory.resolve("none")).entries()).isEmpty();
    }

    @Test
    void everyWrongLineIsToldByItsNumberAndNoneIsRepeated() throws IOException {
        Path file = file("""
                a read the-token-itself
                b write %1$s
                c/d read %1$s
                admin admin %1$s
                e read %1$s
                e read %1$s
                f read %1$s expires=soon
                g read %1$s until=2027-01-31
                """.formatted(DIGEST));

        assertThatThrownBy(() -> TokenFile.read(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll(
                        "line 1: must", "line 2: must", "line 3: must", "line 4: the name admin is taken")
                .hasMessageContaining("line 6: the name e is taken")
                .hasMessageContainingAll("line 7: what follows", "line 8: what follows")
                .message()
                .doesNotContain("the-token-itself", "line 5");
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("tokens"), text);
    }
}
