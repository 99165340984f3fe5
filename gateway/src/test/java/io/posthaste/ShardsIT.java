package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import io.posthaste.cli.ApiClient;
import io.posthaste.redis.RedisKeys;
import io.posthaste.testing.Receiver.Answer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whole gateways on a keyspace of four shards: what spans them looks like one. */
class ShardsIT {
    private static final Duration WAIT = Duration.ofSeconds(30);
    private static final String ALIVE = "posthaste:{gateways}:alive";

    private static TestGateway gateway;
    private static ApiClient api;
    private static volatile boolean broken;

    @BeforeAll
    static void start() {
        gateway = new TestGateway().with("REDIS_SHARDS", "4").start();
        api = gateway.api();
        gateway.receiver.usually(request -> Answer.of(broken && request.path().equals("/broken") ? 404 : 200, "{}"));
        putAction("crm", "1");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void jobsSpreadOverTheShardsAndAreFoundAndListedAsOne() {
        List<String> ids = IntStream.range(0, 60).mapToObj(i -> "spread-" + i).toList();
        ids.forEach(id -> enqueueByApi(id, "crm", id));

        await().atMost(WAIT).until(() -> ids.stream().allMatch(id -> state(id).equals("sent")));

        assertThat(shards()).allMatch(shard -> count(shard, "sent") > 0);
        Set<String> listed = new HashSet<>();
        String cursor = "";
        do {
            JsonNode page = get("/v1/deliveries?state=sent&limit=7" + cursor);
            page.path("deliveries")
                    .forEach(delivery ->
                            assertThat(listed.add(delivery.path("id").asText())).isTrue());
            cursor = page.path("cursor").isNull()
                    ? ""
                    : "&cursor=" + page.path("cursor").asText();
        } while (!cursor.isEmpty());
        assertThat(listed).containsAll(ids);
    }

    private static void enqueue(RedisKeys shard, String id) {
        String data = "{\"customer\":{\"id\":\"a\"}}";
        gateway.commands.xadd(shard.inbox(), Map.of("v", "1", "id", id, "action", "crm", "data", data));
    }

    @Test
    void aJobOnAnyShardIsDeliveredAndFound() {
        for (RedisKeys shard : shards()) {
            enqueue(shard, "anywhere-" + shard.tag());
        }

        await().atMost(WAIT)
                .until(() -> shards().stream()
                        .allMatch(shard -> state("anywhere-" + shard.tag()).equals("sent")));
    }

    @Test
    void shardsOfGatewaysThatLiveAndDoNothingAreServedAllTheSame() {
        await().atMost(WAIT).until(() -> {
            ghostsLive();
            return get("/v1/stats").path("gateways").size() == 4;
        });

        for (RedisKeys shard : shards()) {
            enqueue(shard, "ghosts-" + shard.tag());
        }

        await().atMost(WAIT).until(() -> {
            ghostsLive();
            return shards().stream()
                    .allMatch(shard -> state("ghosts-" + shard.tag()).equals("sent"));
        });
        assertThat(get("/v1/stats").path("gateways").size()).isEqualTo(4);
        gateway.commands.del(ALIVE);
    }

    private static void ghostsLive() {
        long now = Long.parseLong(gateway.commands.time().getFirst()) * 1_000;
        Stream.of("ghost-1", "ghost-2", "ghost-3").forEach(ghost -> gateway.commands.zadd(ALIVE, (double) now, ghost));
    }

    @Test
    void aPauseHoldsOnEveryShardAndALimitIsSharedByThem() {
        putAction("paused", "1");
        post("/v1/actions/paused/pause", "");
        List<String> ids = IntStream.range(0, 12).mapToObj(i -> "paused-" + i).toList();
        ids.forEach(id -> enqueueByApi(id, "paused", id));

        await().atMost(WAIT).until(() -> lane("paused").path("waiting").asInt() == 12);
        assertThat(lane("paused").path("paused").asBoolean()).isTrue();
        assertThat(shards())
                .allMatch(shard -> String.valueOf(gateway.commands.hget(shard.laneLimits(), "paused"))
                        .startsWith("2,"));

        post("/v1/actions/paused/resume", "");
        await().atMost(WAIT).until(() -> ids.stream().allMatch(id -> state(id).equals("sent")));
    }

    @Test
    void failedDeliveriesOfAllShardsAreSentAgainByOneOperation() {
        broken = true;
        putAction("broken", "1");
        List<String> ids = IntStream.range(0, 16).mapToObj(i -> "broken-" + i).toList();
        ids.forEach(id -> enqueueByApi(id, "broken", id));
        await().atMost(WAIT).until(() -> ids.stream().allMatch(id -> state(id).equals("failed")));
        broken = false;

        JsonNode started = post("/v1/deliveries/resend", "{\"action\":\"broken\",\"per_second\":1000}");

        assertThat(started.path("count").asInt()).isEqualTo(16);
        String id = started.path("operation").path("id").asText();
        await().atMost(WAIT)
                .until(() -> get("/v1/operations/" + id).path("state").asText().equals("done"));
        assertThat(get("/v1/operations/" + id).path("done").asInt()).isEqualTo(16);
        await().atMost(WAIT).until(() -> ids.stream().allMatch(one -> state(one).equals("sent")));
    }

    @Test
    void eachDeliveryAddsOnceToItsPersonWhereverTheyAre() {
        putAction("adds", "{{ customer.total | default: 0 | plus: 1 }}");
        List<String> people = List.of("ada", "bob", "cleo", "dora", "emil");
        int each = 24;
        for (int i = 0; i < each; i++) {
            for (String person : people) {
                enqueueByApi("adds-" + person + "-" + i, "adds", person);
            }
        }

        await().atMost(WAIT).until(() -> people.stream().allMatch(person -> total(person) >= each));

        assertThat(people).allMatch(person -> total(person) == each);
        assertThat(gateway.commands.keys("posthaste:{*}:applied:*")).isEmpty();
        assertThat(results("sent").filter(body -> body.getOrDefault("id", "").startsWith("adds-")))
                .hasSize(each * people.size())
                .allMatch(body -> body.getOrDefault("attributes", "").contains("total"));
    }

    /** It posts to a path of its name, and its answers set {@code total}. */
    private static void putAction(String id, String total) {
        api.put("/v1/actions/" + id, """
                        {"name":"%s","method":"POST","url":"%s","body":"{}","limits":{"max_in_flight":8},
                         "response_attributes":[{"attribute":"total","template":"%s"}]}""".formatted(id, gateway.receiver.url("/" + id), total));
    }

    private static void enqueueByApi(String id, String action, String person) {
        post("/v1/deliveries", """
                {"id":"%s","action":"%s","data":{"customer":{"id":"%s"}}}""".formatted(id, action, person));
    }

    private static JsonNode get(String path) {
        return api.get(path);
    }

    private static JsonNode post(String path, String body) {
        return api.post(path, body);
    }

    private static String state(String id) {
        try {
            return get("/v1/deliveries/" + id).path("state").asText();
        } catch (ApiClient.Refused unknown) {
            return "";
        }
    }

    private static JsonNode lane(String name) {
        for (JsonNode lane : get("/v1/stats").path("lanes")) {
            if (lane.path("name").asText().equals(name)) {
                return lane;
            }
        }
        return MissingNode.getInstance();
    }

    private static int total(String person) {
        return get("/v1/people/" + person).path("total").asInt();
    }

    private static Stream<Map<String, String>> results(String event) {
        return shards().stream()
                .flatMap(shard -> gateway.commands.xrange(shard.results(), Range.unbounded()).stream())
                .map(StreamMessage::getBody)
                .filter(body -> event.equals(body.get("event")));
    }

    private static List<RedisKeys> shards() {
        String tags = gateway.commands.hget("posthaste:meta", "tags");
        return Arrays.stream(tags.split(",")).map(RedisKeys::new).toList();
    }

    private static int count(RedisKeys shard, String what) {
        String count = gateway.commands.hget(shard.stats(), what);
        return count == null ? 0 : Integer.parseInt(count);
    }
}
