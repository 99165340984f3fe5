package io.posthaste.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthaste.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenFileTest {
    /** SHA-256 of "viewer-token". */
    private static final String DIGEST = "d036bd6d01a1cae081d39a2f8dab751dc042de814fd60df31fcb553170950f29";

    @TempDir
    Path directory;

    @Test
    void eachLineOpensTheApiForItsRole() throws IOException {
        AccessTokens tokens = AccessTokens.admin("root").and(TokenFile.read(file("""
                # people
                grafana  read     %s

                """.formatted(DIGEST))));

        assertThat(tokens.callerOf("viewer-token")).isEqualTo(new Caller("grafana", Access.READ));
        assertThat(tokens.callerOf("root")).isEqualTo(new Caller("admin", Access.ADMIN));
        assertThat(tokens.callerOf(DIGEST)).isEqualTo(Caller.NOBODY);
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
                """.formatted(DIGEST));

        assertThatThrownBy(() -> TokenFile.read(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll(
                        "line 1: must", "line 2: must", "line 3: must", "line 4: the name admin is taken")
                .hasMessageContaining("line 6: the name e is taken")
                .message()
                .doesNotContain("the-token-itself", "line 5");
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("tokens"), text);
    }
}
