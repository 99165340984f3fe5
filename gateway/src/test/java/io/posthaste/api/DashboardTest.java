package io.posthaste.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.action.RetryPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DashboardTest {
    private static final Path FOLDER = Path.of("src/main/resources/dashboard");

    static List<RetryPolicy> policies() {
        return List.of(RetryPolicy.STANDARD, RetryPolicy.BRISK);
    }

    @ParameterizedTest
    @MethodSource("policies")
    void theSchedulesItExplainsAreTheGateways(RetryPolicy policy) throws IOException {
        String delays = policy.delays().stream()
                .map(Duration::toMillis)
                .map(String::valueOf)
                .collect(Collectors.joining(", "));
        String statuses =
                policy.statuses().stream().map(status -> '"' + status + '"').collect(Collectors.joining(", "));

        assertThat(Files.readString(FOLDER.resolve("retry.js")))
                .contains("%s: { timeout_ms: %d, delays_ms: [%s], statuses: [%s] }"
                        .formatted(policy.name(), policy.timeout().toMillis(), delays, statuses));
    }

    @Test
    void nothingOfOursBecomesMarkup() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".js")).toList()) {
                assertThat(Files.readString(file))
                        .as(file.toString())
                        .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(");
            }
        }
    }
}
