package io.posthaste.send;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A client made anywhere else would dial past the guards (SSRF-13). */
class OneClientFactoryTest {
    private static final Path SOURCES = Path.of("src/main/java");

    @Test
    void httpClientsAreMadeInOnePlaceOnly() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            assertThat(files.filter(OneClientFactoryTest::makesAClient)
                            .map(file -> file.getFileName().toString()))
                    // The second is the command line, which talks to its own gateway and runs in no gateway.
                    .containsExactlyInAnyOrder("HttpClients.java", "ApiClient.java");
        }
    }

    @Test
    void nothingOptsOutOfTheRules() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            assertThat(files.filter(OneClientFactoryTest::optsOut)).isEmpty();
        }
    }

    private static boolean makesAClient(Path file) {
        return text(file)
                .matches(
                        "(?s).*(HttpClient\\.(create|newConnection|newHttpClient|newBuilder)\\(|HttpURLConnection|openConnection\\().*");
    }

    private static boolean optsOut(Path file) {
        return text(file)
                .matches(
                        "(?s).*(InsecureTrustManagerFactory|proxyWithSystemProperties|wiretap\\(|X509TrustManager|resolvedAddressesSelector).*");
    }

    private static String text(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
