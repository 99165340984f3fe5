package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import io.posthaste.cli.ApiClient;
import io.posthaste.redis.RedisKeys;
import io.posthaste.redis.Shards;
import io.posthaste.testing.Receiver.Answer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The number of shards grows while gateways and producers work. */
class MoreShardsIT {
    private static final Duration WAIT = Duration.ofSeconds(90);
    private static final int PEOPLE = 40;

    /** Between two jobs of a producer: enough for a load, and few enough to count. */
    private static final Duration PACE = Duration.ofMillis(5);

    private final TestGateway gateways =
            new TestGateway().with("DEDUPE_WINDOW", "1h").start();
    private final ApiClient first = gateways.api();
    private final List<String> heard = Collections.synchronizedList(new ArrayList<>());
    private volatile boolean broken;

    MoreShardsIT() {
        gateways.receiver.usually(request -> {
            heard.add(request.path() + " " + request.text().replace("\"", ""));
            return Answer.of(broken && request.path().equals("/line") ? 503 : 200, "{}");
        });
    }

    @AfterEach
    void stop() {
        gateways.close();
    }

    @Test
    void everyJobIsSentOnceAndSetsItsAttributesOnceWhileOneShardBecomesFour() throws InterruptedException {
        gateways.start();
        ApiClient second = gateways.api();
        putAction("adds", "{{ customer.total | default: 0 | plus: 1 }}");
        AtomicBoolean loading = new AtomicBoolean(true);
        List<String> ids = Collections.synchronizedList(new ArrayList<>());
        Thread byApi = Thread.ofPlatform().start(() -> load(loading, "api-", ids, this::enqueueByApi));
        Thread byProducer = Thread.ofPlatform().start(() -> load(loading, "xadd-", ids, this::enqueueByProducer));
        await().atMost(WAIT).until(() -> ids.size() > 200);

        first.post("/v1/shards", "{\"count\":4}");
        await().atMost(WAIT).until(() -> isSettled(second));
        int before = ids.size();
        await().atMost(WAIT).until(() -> ids.size() > before + 200);
        loading.set(false);
        byApi.join();
        byProducer.join();

        await().atMost(WAIT).untilAsserted(() -> assertThat(sent()).hasSize(ids.size()));
        assertThat(new HashSet<>(sent())).isEqualTo(new HashSet<>(ids));
        assertThat(second.get("/v1/shards").path("count").asInt()).isEqualTo(4);
        assertThat(shards()).hasSize(4).allMatch(shard -> count(shard, "sent") > 0);
        Map<String, Long> due =
                ids.stream().collect(Collectors.groupingBy(MoreShardsIT::person, Collectors.counting()));
        assertThat(due)
                .hasSize(PEOPLE)
                .allSatisfy((person, times) -> assertThat((long)
                                second.get("/v1/people/" + person).path("total").asInt())
                        .as(person)
                        .isEqualTo(times));
        nothingIsLeftOfTheChange();
    }

    @Test
    void aLineEndsWhereItWasBeforeItBeginsOnItsNewShard() {
        putAction("line", "1");
        String order = orderThatMoves(4);
        broken = true;
        IntStream.range(0, 5).forEach(n -> enqueueInOrder("n-" + n, order));
        await().atMost(WAIT).until(() -> heard.contains("/line n-0"));

        first.post("/v1/shards", "{\"count\":4}");
        await().atMost(WAIT)
                .until(() -> shardsNow().path("change").path("lines").asInt() == 5);
        IntStream.range(5, 10).forEach(n -> enqueueInOrder("n-" + n, order));
        RedisKeys home = Shards.of(shardsNow().path("tags").toString().replaceAll("[\\[\\]\"]", ""))
                .at(order);
        await().atMost(WAIT).until(() -> gateways.commands.zcard(home.line("line:" + order)) == 5);
        assertThat(heard).allMatch(request -> request.equals("/line n-0"));
        assertThat(gateways.commands.zrange(home.opening(), 0, -1)).containsExactly("line:" + order);
        broken = false;
        await().atMost(WAIT).until(() -> isSettled(first) && heard.contains("/line n-9"));

        assertThat(heard.stream().distinct())
                .containsExactlyElementsOf(
                        IntStream.range(0, 10).mapToObj(n -> "/line n-" + n).toList());
        nothingIsLeftOfTheChange();
    }

    private void enqueueInOrder(String id, String order) {
        first.post("/v1/deliveries", job(id, "line", id, ",\"order\":\"" + order + "\""));
    }

    private static String orderThatMoves(int shards) {
        Shards more = Shards.ONE.grownTo(shards);
        return IntStream.range(0, 100)
                .mapToObj(n -> "order-" + n)
                .filter(order -> more.indexOf(order) != 0)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aChangeThatIsHeldGoesOnWhenItIsAskedForAgainThoughItsGatewayIsGone() {
        first.put("/v1/people/ada", "{\"plan\":\"basic\"}");
        aGatewayThatStarts("starting");
        first.post("/v1/shards", "{\"count\":8}");
        await().atMost(WAIT)
                .until(() ->
                        shardsNow().path("change").path("waits_for").toString().contains("starting"));
        first.post("/v1/shards/pause", "");
        gateways.commands.zrem("posthaste:{gateways}:heard", "starting");
        gateways.start();
        ApiClient second = gateways.api();
        await().atMost(WAIT)
                .until(() -> second.get("/v1/stats").path("gateways").size() == 2);
        assertThat(second.get("/v1/shards").path("phase").asText()).isEqualTo("preparing");
        assertThat(second.get("/v1/shards").path("change").path("paused").asBoolean())
                .isTrue();
        gateways.stopFirst();

        Shell.Result watched = new Shell(gateways.environment(), InstantSource.system(), "")
                .run("shards", "--to", "8", "--gateway", gateways.address());

        assertThat(watched.code()).as(watched.err()).isZero();
        assertThat(watched.out()).contains("from 1 to 8, preparing").contains("shards: 8 (0, 1-");
        assertThat(second.get("/v1/people/ada").path("plan").asText()).isEqualTo("basic");
        nothingIsLeftOfTheChange();
    }

    /** Heard of, and acting by no layout yet: so is one that was killed a moment ago. */
    private void aGatewayThatStarts(String name) {
        double now = Double.parseDouble(gateways.commands.time().getFirst()) * 1_000;
        gateways.commands.zadd("posthaste:{gateways}:heard", now + 10_000, name);
        gateways.commands.hset("posthaste:{gateways}:epochs", name, "0");
    }

    @Test
    void aGatewayThatWasKilledHoldsUpAChangeForASecondOrFifteen() {
        double now = Double.parseDouble(gateways.commands.time().getFirst()) * 1_000;
        gateways.commands.zadd("posthaste:{gateways}:heard", now - 12_000, "killed");
        gateways.commands.hset("posthaste:{gateways}:epochs", "killed", "0");

        first.post("/v1/shards", "{\"count\":2}");

        await().atMost(WAIT).until(() -> isSettled(first));
        assertThat(gateways.commands.hexists("posthaste:{gateways}:epochs", "killed"))
                .isFalse();
    }

    @Test
    void limitsAndPausesHoldOnNewShardsToo() {
        putAction("adds", "1");
        first.post("/v1/actions/adds/pause", "");

        first.post("/v1/shards", "{\"count\":4}");
        await().atMost(WAIT).until(() -> isSettled(first));

        assertThat(shards()).hasSize(4).allMatch(shard -> {
            String limits = String.valueOf(gateways.commands.hget(shard.laneLimits(), "adds"));
            return limits.startsWith("2,,9007199254740991,");
        });
    }

    @Test
    void anIdThatIsKnownWhereItBelongedBeforeIsDroppedAfterwards() {
        putAction("adds", "{{ customer.total | default: 0 | plus: 1 }}");
        List<String> ids = IntStream.range(0, 20).mapToObj(n -> "twice-" + n).toList();
        ids.forEach(this::enqueueByApi);
        await().atMost(WAIT).until(() -> sent().size() == ids.size());

        first.post("/v1/shards", "{\"count\":4}");
        await().atMost(WAIT).until(() -> isSettled(first));
        ids.forEach(this::enqueueByApi);
        enqueueByApi("after-1");

        await().atMost(WAIT).until(() -> sent().contains("after-1"));
        await().atMost(WAIT)
                .until(() -> shards().stream()
                                .mapToInt(shard -> count(shard, "duplicates"))
                                .sum()
                        == ids.size());
        assertThat(sent()).doesNotHaveDuplicates().hasSize(ids.size() + 1);
    }

    private JsonNode shardsNow() {
        return first.get("/v1/shards");
    }

    private interface Enqueue {
        void job(String id);
    }

    private static void load(AtomicBoolean loading, String prefix, List<String> ids, Enqueue enqueue) {
        for (int i = 0; loading.get(); i++) {
            String id = prefix + i;
            enqueue.job(id);
            ids.add(id);
            LockSupport.parkNanos(PACE.toNanos());
        }
    }

    private static String person(String id) {
        return "person-" + Integer.parseInt(id.substring(id.indexOf('-') + 1)) % PEOPLE;
    }

    private void enqueueByApi(String id) {
        first.post("/v1/deliveries", job(id, "adds", person(id), ""));
    }

    private static String job(String id, String action, String person, String more) {
        return "{\"id\":\"%s\",\"action\":\"%s\",\"data\":{\"customer\":{\"id\":\"%s\"}}%s}"
                .formatted(id, action, person, more);
    }

    /** It never learns of the change: the first shard is right for every job, now and then. */
    private synchronized void enqueueByProducer(String id) {
        gateways.enqueue(id, "action", "adds", "data", "{\"customer\":{\"id\":\"" + person(id) + "\"}}");
    }

    private void putAction(String id, String total) {
        first.put("/v1/actions/" + id, """
            {"name":"%s","method":"POST","url":"%s","body":"\\"{{ customer.id }}\\"",
             "limits":{"max_in_flight":8},"retry":{"policy":"brisk"},
             "response_attributes":[{"attribute":"total","template":"%s"}]}\
            """.formatted(id, gateways.receiver.url("/" + id), total));
    }

    static boolean isSettled(ApiClient api) {
        JsonNode shards = api.get("/v1/shards");
        return shards.path("phase").asText().equals("settled")
                && shards.path("count").asInt() > 1;
    }

    private List<String> sent() {
        return shards().stream()
                .flatMap(shard -> gateways.commands.xrange(shard.results(), Range.unbounded()).stream())
                .map(StreamMessage::getBody)
                .filter(body -> "sent".equals(body.get("event")))
                .map(body -> body.getOrDefault("id", ""))
                .toList();
    }

    private List<RedisKeys> shards() {
        return Shards.of(gateways.commands.hget("posthaste:meta", "tags")).all();
    }

    private int count(RedisKeys shard, String what) {
        String count = gateways.commands.hget(shard.stats(), what);
        return count == null ? 0 : Integer.parseInt(count);
    }

    private void nothingIsLeftOfTheChange() {
        assertThat(gateways.commands.hgetall("posthaste:meta")).doesNotContainKeys("phase", "to", "order", "paused");
        assertThat(gateways.commands.hget("posthaste:meta", "version")).isEqualTo("1");
        Shards shards = new Shards(shards());
        for (RedisKeys shard : shards.all()) {
            assertThat(gateways.commands.hmget(shard.meta(), "moving", "opening"))
                    .noneMatch(io.lettuce.core.KeyValue::hasValue);
            assertThat(gateways.commands.exists(shard.arrived(), shard.opening()))
                    .isZero();
            String prefix = shard.person("");
            for (String key : gateways.commands.keys(prefix + "*")) {
                assertThat(shards.at(key.substring(prefix.length()))).isEqualTo(shard);
            }
        }
        assertThat(gateways.commands.keys("posthaste:{*}:applied:*")).isEmpty();
    }
}
