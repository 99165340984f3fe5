package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthaste.cli.ApiClient;
import io.posthaste.redis.RedisKeys;
import io.posthaste.testing.Receiver.Answer;
import io.posthaste.testing.Receiver.Received;
import io.posthaste.testing.RedisCluster;
import io.posthaste.testing.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Two whole gateways on a cluster, with shards on every primary. */
class ClusterGatewayIT {
    private static final Duration WAIT = Duration.ofSeconds(60);
    private static final int JOBS = 600;

    private final Set<String> arrived = ConcurrentHashMap.newKeySet();

    @Test
    void aPrimaryDiesUnderWorkAndEveryJobArrives() {
        try (RedisCluster cluster = RedisCluster.start();
                TestGateway gateways = new TestGateway()
                        .with("REDIS_URI", cluster.uri())
                        .start()
                        .start()) {
            assertThat(shards(cluster)).hasSize(16);
            gateways.receiver.usually(this::arrive);
            ApiClient api = gateways.api();
            api.put("/v1/actions/crm", action(gateways));
            api.post("/v1/actions/crm/pause", "");
            List<String> ids =
                    IntStream.range(0, JOBS).mapToObj(i -> "job-" + i).toList();
            ids.forEach(id -> enqueue(api, id));
            RedisServer doomed = cluster.primaryOf(shards(cluster).getFirst().inbox());
            assertThat(shards(cluster)).allMatch(shard -> cluster.replicasOf(shard) == 1);

            api.post("/v1/actions/crm/resume", "");
            await().atMost(WAIT).until(() -> arrived.size() > JOBS / 10);
            doomed.kill();

            await().atMost(WAIT).until(() -> arrived.size() == JOBS);
            await().atMost(WAIT).until(() -> ids.stream().allMatch(id -> isSent(api, id)));
        }
    }

    private Answer arrive(Received request) {
        arrived.add(request.text());
        return Answer.of(200);
    }

    private static String action(TestGateway gateways) {
        return """
                {"name":"crm","method":"POST","url":"%s","body":"{{ customer.id | to_json }}","limits":{"max_in_flight":60}}""".formatted(gateways.receiver.url("/"));
    }

    private static void enqueue(ApiClient api, String id) {
        api.post("/v1/deliveries", """
                {"id":"%s","action":"crm","data":{"customer":{"id":"%s"}}}""".formatted(id, id));
    }

    private static boolean isSent(ApiClient api, String id) {
        try {
            return api.get("/v1/deliveries/" + id).path("state").asText().equals("sent");
        } catch (ApiClient.Refused unavailable) {
            return false;
        }
    }

    private static List<RedisKeys> shards(RedisCluster cluster) {
        String tags = RedisCluster.on(
                cluster.primaryOf("posthaste:meta"), commands -> commands.hget("posthaste:meta", "tags"));
        return Stream.of(tags.split(",")).map(RedisKeys::new).toList();
    }
}
