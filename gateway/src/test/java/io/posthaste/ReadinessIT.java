package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Readiness says what is wrong with Redis, and that it is over, before an orchestrator asks twice. */
class ReadinessIT {
    /** A look every half a second, and a second for its answer; the rest is for a busy machine. */
    private static final Duration SOON = Duration.ofSeconds(10);

    @AutoClose
    private final TestGateway gateway = new TestGateway();

    @AutoClose
    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeEach
    void start() {
        gateway.start();
        await().atMost(SOON).until(() -> readiness().startsWith("200 "));
    }

    @Test
    void aRedisThatStandsStillIsNamed() throws Exception {
        gateway.redis.pause();
        try {
            await().atMost(SOON).until(() -> readiness().equals(notReady("Redis does not answer")));
        } finally {
            gateway.redis.resume();
        }
        await().atMost(SOON).until(() -> readiness().startsWith("200 "));
    }

    @Test
    void aRedisWhoseMemoryIsFullIsNamed() {
        gateway.commands.configSet("maxmemory", "1");
        await().atMost(SOON).until(() -> readiness().contains("its memory is full"));

        gateway.commands.configSet("maxmemory", "0");
        await().atMost(SOON).until(() -> readiness().startsWith("200 "));
    }

    @Test
    void aRedisThatBecameAReplicaIsNamed() {
        gateway.commands.replicaof("127.0.0.1", 1);
        await().atMost(SOON).until(() -> readiness().contains("it is a replica"));

        gateway.commands.replicaofNoOne();
        await().atMost(SOON).until(() -> readiness().startsWith("200 "));
        assertThat(gateway.results()).isEmpty();
    }

    private static String notReady(String reason) {
        return "503 {\"status\":\"not ready\",\"reason\":\"" + reason + "\"}";
    }

    private String readiness() throws IOException, InterruptedException {
        HttpRequest get = HttpRequest.newBuilder(URI.create(gateway.address() + "/readyz"))
                .timeout(SOON)
                .build();
        HttpResponse<String> answer = http.send(get, HttpResponse.BodyHandlers.ofString());
        return answer.statusCode() + " " + answer.body();
    }
}
