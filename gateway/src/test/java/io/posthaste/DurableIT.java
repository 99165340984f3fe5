package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisURI;
import io.posthaste.cli.ApiClient;
import io.posthaste.testing.RedisServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Jobs that are accepted when one server may die without losing them. */
class DurableIT {
    private static final Duration WAIT = Duration.ofSeconds(30);
    private static final String TWO_JOBS = """
            [{"id":"a","action":"crm","data":{"customer":{"id":"1"}}},{"id":"b","action":"crm","data":{"customer":{"id":"1"}}}]""";

    private final TestGateway gateway = new TestGateway().with("REDIS_SHARDS", "2");

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void jobsAreAcceptedOnceAReplicaHasThem() {
        try (RedisServer replica = replica()) {
            ApiClient api = start();

            assertThat(api.post("/v1/deliveries?durable=1", TWO_JOBS)
                            .path("ids")
                            .size())
                    .isEqualTo(2);
            var there = gateway.client.connect(uri(replica)).sync();
            long jobs = there.keys("posthaste:{?-*}:inbox").stream()
                    .mapToLong(inbox -> everAdded(there.xinfoStream(inbox)))
                    .sum();
            assertThat(jobs).as("what the replica has").isEqualTo(2);
        }
    }

    /** The gateway may have taken them by now. */
    private static long everAdded(List<Object> streamInfo) {
        return (Long) streamInfo.get(streamInfo.indexOf("entries-added") + 1);
    }

    @Test
    void withoutAnybodyToConfirmThemNothingIsEnqueued() {
        ApiClient api = start();

        assertThatThrownBy(() -> api.post("/v1/deliveries?durable=1", TWO_JOBS))
                .hasMessageContaining("nothing was enqueued")
                .hasMessageContaining("no replica");
        assertThat(gateway.commands.keys("posthaste:{?-*}:inbox")).isEmpty();
    }

    @Test
    void withAReplicaThatSaysNothingTheProducerIsToldAndMayRepeatThem() {
        try (RedisServer replica = replica()) {
            ApiClient api = start();
            api.put("/v1/actions/crm", """
                    {"name":"crm","method":"POST","url":"%s","body":"{}"}""".formatted(gateway.receiver.url("/")));
            replica.pause();

            assertThatThrownBy(() -> api.post("/v1/deliveries?durable=1", TWO_JOBS))
                    .hasMessageContaining("enqueued, but no replica confirmed it");
            replica.resume();
            assertThat(api.post("/v1/deliveries?durable=1", TWO_JOBS)
                            .path("ids")
                            .size())
                    .isEqualTo(2);

            await().atMost(WAIT).until(() -> isSent(api, "a") && isSent(api, "b"));
            assertThat(gateway.receiver.requestCount()).isBetween(2, 4);
        }
    }

    @Test
    void anotherValueIsRefused() {
        assertThatThrownBy(() -> start().post("/v1/deliveries?durable=yes", TWO_JOBS))
                .hasMessageContaining("durable");
    }

    private ApiClient start() {
        return gateway.start().api();
    }

    private RedisServer replica() {
        RedisServer replica = RedisServer.start("--replicaof", "127.0.0.1", "" + gateway.redis.port());
        await().atMost(WAIT).until(() -> gateway.commands.info("replication").contains("state=online"));
        return replica;
    }

    private static RedisURI uri(RedisServer server) {
        return RedisURI.create(server.uri());
    }

    private static boolean isSent(ApiClient api, String id) {
        return api.get("/v1/deliveries/" + id).path("state").asText().equals("sent");
    }
}
