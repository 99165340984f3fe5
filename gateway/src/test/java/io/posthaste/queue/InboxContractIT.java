package io.posthaste.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.XAddArgs;
import io.posthaste.job.Job;
import io.posthaste.job.Lease;
import io.posthaste.queue.browse.Deliveries;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** The inbox as producers in other languages meet it, and what becomes of entries that break its rules. */
class InboxContractIT {
    private static final String BIG = object(300 << 10);
    private static final String LARGEST = "18446744073709551615-18446744073709551615";

    @AutoClose
    private static final RedisShard shard = RedisShard.start();

    @BeforeEach
    void clear() {
        shard.clear();
    }

    @Test
    void theOrderOfFieldsIsFree() {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String field : List.of(
                "results=none", "data= {\"a\":1}\n", "draft=1", "key=k~1", "action=crm", "id=j1", "at=5", "v=1")) {
            fields.put(field.split("=", 2)[0], field.split("=", 2)[1]);
        }
        shard.add(fields);

        Lease lease = shard.claim(1).getFirst();

        assertThat(lease.job().id()).isEqualTo("j1");
        assertThat(lease.job().key()).isEqualTo("k~1");
        assertThat(lease.job().terms().draft()).isTrue();
        assertThat(lease.job().terms().results()).isEqualTo(Job.Results.NONE);
        assertThat(lease.job().lane()).isEqualTo("crm");
    }

    static Stream<Arguments> malformed() {
        return Stream.concat(malformedNames(), malformedOthers());
    }

    private static Stream<Arguments> malformedNames() {
        return Stream.of(
                bad("v is not 1", "v", null),
                bad("v is not 1", "v", "2"),
                bad("v is too long", "v", "1.0"),
                bad("v is not 1", "v", ""),
                bad("id is not 1 to 64", "id", null),
                bad("id is not 1 to 64", "id", ""),
                bad("id is too long", "id", "x".repeat(65)),
                bad("id is not 1 to 64", "id", "a b"),
                bad("id is not 1 to 64", "id", "a\0b"),
                bad("id is not 1 to 64", "id", "\0"),
                bad("id is not 1 to 64", "id", "a/b"),
                bad("id is not 1 to 64", "id", "a:b"),
                bad("id is not 1 to 64", "id", "{0}"),
                bad("id is not 1 to 64", "id", "café"),
                bad("id is not 1 to 64", "id", "a\n"),
                bad("neither action nor request", "action", null),
                bad("action is not 1 to 64", "action", ""),
                bad("action is too long", "action", "x".repeat(65)),
                bad("action is not 1 to 64", "action", "crm\0"),
                bad("action is not 1 to 64", "action", "due:crm"),
                bad("action is not 1 to 64", "action", "*"));
    }

    private static Stream<Arguments> malformedOthers() {
        return Stream.of(
                bad("data is not a JSON object", "data", null),
                bad("data is not a JSON object", "data", ""),
                bad("data is not a JSON object", "data", "[]"),
                bad("data is not a JSON object", "data", "null"),
                bad("data is not a JSON object", "data", "\"{}\""),
                bad("data is not a JSON object", "data", "{"),
                bad("data is not a JSON object", "data", "\0{}"),
                bad("data is too long", "data", BIG),
                bad("at is not epoch milliseconds", "at", "tomorrow"),
                bad("at is not epoch milliseconds", "at", "-1"),
                bad("at is not epoch milliseconds", "at", "1e12"),
                bad("at is not epoch milliseconds", "at", ""),
                bad("at is more than a year ahead", "at", "99999999999999"),
                bad("at is too long", "at", "9".repeat(16)),
                bad("key is not 1 to 64 visible", "key", ""),
                bad("key is not 1 to 64 visible", "key", "a b"),
                bad("key is not 1 to 64 visible", "key", "a\r\nX: y"),
                bad("key is too long", "key", "k".repeat(65)),
                bad("draft is not 1", "draft", "0"),
                bad("draft is too long", "draft", "true"),
                bad("results is not none", "results", "some"),
                bad("results is too long", "results", "everything"),
                bad("lane without request", "lane", "bulk"),
                bad("both action and request", "request", "{}"),
                bad("unknown field", "delay", "5"));
    }

    private static Arguments bad(String reason, String field, @org.jspecify.annotations.Nullable String value) {
        return Arguments.of(reason, field, value);
    }

    @ParameterizedTest(name = "[{index}] {0}: {1}")
    @MethodSource("malformed")
    void aMalformedEntryIsQuarantinedAndStopsNoOther(
            String reason, String field, @org.jspecify.annotations.Nullable String value) {
        Map<String, String> fields = new LinkedHashMap<>(Map.of("v", "1", "id", "bad", "action", "crm", "data", "{}"));
        fields.remove(field);
        if (value != null) {
            fields.put(field, value);
        }
        shard.enqueue("before", "crm");
        String entry = shard.add(fields);
        shard.enqueue("after", "crm");

        List<Lease> leases = shard.claim(10);

        assertThat(leases).extracting(lease -> lease.job().id()).containsExactly("before", "after");
        Deliveries.Quarantined kept =
                RedisShard.get(shard.deliveries.quarantine(null, 10)).getFirst();
        assertThat(kept.entry()).isEqualTo(entry);
        assertThat(kept.reason()).startsWith(reason);
        assertThat(shard.stat("quarantined")).isEqualTo("1");
        assertThat(shard.redis.xlen(shard.keys.inbox())).isEqualTo(2);
    }

    @Test
    void aDueTimeNeverComesFromAnIdThatAProducerChose() {
        long inAnHour = System.currentTimeMillis() + 3_600_000;
        addWithId(inAnHour + "-0", "first");
        shard.enqueue("second", "crm");
        addWithId("18446744073709551615-0", "third");

        assertThat(shard.claim(0)).isEmpty();
        assertThat(shard.claim(10)).extracting(lease -> lease.job().id()).containsExactly("first", "second", "third");
    }

    @Test
    void theLargestIdClosesTheInboxOnlyUntilItsJobEnds() {
        addWithId(LARGEST, "last");
        Lease lease = shard.claim(10).getFirst();
        assertThat(isOpen()).isFalse();

        shard.settle(lease, RedisShard.delivered(lease));

        awaitOpen();
        shard.enqueue("next", "crm");
        assertThat(shard.awaitLeases(1).getFirst().job().id()).isEqualTo("next");
    }

    @Test
    void whatWaitsUnderAnIdAheadLeavesTheInboxAndIsSent() {
        String soon = "" + (System.currentTimeMillis() + 1_000);
        addWithId(LARGEST, "last", "at", soon);

        awaitOpen();
        shard.enqueue("next", "crm");

        assertThat(shard.awaitLeases(2)).extracting(lease -> lease.job().id()).containsExactly("next", "last");
    }

    @Test
    void anIdAheadThatIsTakenBelongsToItsFirstJob() {
        String later = "" + (System.currentTimeMillis() + 30_000);
        addWithId(LARGEST, "first", "at", later);
        awaitOpen();
        addWithId(LARGEST, "second");

        assertThat(shard.claim(10)).isEmpty();
        assertThat(RedisShard.get(shard.deliveries.quarantine(null, 1))
                        .getFirst()
                        .reason())
                .isEqualTo("entry id is in use by another job");
        assertThat(shard.redis.hget(shard.keys.ids(), "first")).isEqualTo(LARGEST);
    }

    /** Claims, as an idle gateway does, until a producer's entry is taken. */
    private static void awaitOpen() {
        Awaitility.await().pollInterval(Duration.ofMillis(20)).until(() -> {
            shard.claim(0);
            return isOpen();
        });
    }

    private static boolean isOpen() {
        try {
            shard.redis.xdel(shard.keys.inbox(), shard.redis.xadd(shard.keys.inbox(), "x", "y"));
            return true;
        } catch (RedisCommandExecutionException exhausted) {
            return false;
        }
    }

    private static void addWithId(String entry, String id, String... more) {
        Map<String, String> fields = new LinkedHashMap<>(Map.of("v", "1", "id", id, "action", "crm", "data", "{}"));
        for (int i = 0; i < more.length; i += 2) {
            fields.put(more[i], more[i + 1]);
        }
        shard.redis.xadd(shard.keys.inbox(), new XAddArgs().id(entry), fields);
    }

    @Test
    void aFieldGivenTwiceIsQuarantined() {
        shard.redis.xadd(shard.keys.inbox(), "v", "1", "id", "a", "id", "b", "action", "crm", "data", "{}");

        assertThat(shard.claim(10)).isEmpty();

        assertThat(RedisShard.get(shard.deliveries.quarantine(null, 1))
                        .getFirst()
                        .reason())
                .isEqualTo("field twice: id");
    }

    @Test
    void aFloodOfMalformedEntriesIsBounded() {
        for (int i = 0; i < 3_000; i++) {
            shard.redis.xadd(shard.keys.inbox(), "x", "y");
        }
        shard.enqueue("good", "crm");

        List<Lease> leases = new ArrayList<>();
        for (int i = 0; i < 10 && leases.isEmpty(); i++) {
            leases.addAll(shard.claim(10));
        }

        assertThat(leases).hasSize(1);
        assertThat(shard.redis.xlen(shard.keys.quarantine())).isBetween(1_000L, 1_300L);
    }

    /** Whichever field carries them, and wherever it stands: what is asked for is what fits into the heap. */
    @ParameterizedTest
    @ValueSource(strings = {"data last", "data first", "inline request"})
    void aClaimTakesNoMoreBytesThanItWasAskedFor(String order) {
        String large = object(100 << 10);
        for (int i = 0; i < 100; i++) {
            Map<String, String> fields = new LinkedHashMap<>();
            if (order.equals("data first")) {
                fields.put("data", large);
            }
            fields.put("v", "1");
            fields.put("id", "large-" + i);
            if (order.equals("inline request")) {
                fields.putAll(Map.of("lane", "crm", "request", large, "data", "{}"));
            } else {
                fields.put("action", "crm");
                fields.putIfAbsent("data", large);
            }
            shard.add(fields);
        }

        List<Integer> taken = new ArrayList<>();
        while (taken.stream().mapToInt(n -> n).sum() < 100) {
            taken.add(leased(shard.queue.claim(256, 1 << 20, Map.of())));
        }

        assertThat(taken).allMatch(n -> n <= 11, "1 MiB, and the one beyond it");
    }

    /** The chunk that goes beyond the limit is the last: other scripts wait for this one. */
    @Test
    void aClaimTakesInNoMoreBytesThanHoldUpRedisForMilliseconds() {
        String large = object(200 << 10);
        for (int i = 0; i < 300; i++) {
            shard.enqueue("large-" + i, "crm", "data", large);
        }

        assertThat(leased(shard.queue.claim(0, 0, Map.of()))).isZero();

        assertThat(shard.redis.zcard(shard.keys.due("crm"))).isBetween(41L, 46L);
    }

    private static int leased(Mono<Claim> claim) {
        return RedisShard.get(claim).leases().size();
    }

    private static String object(int bytes) {
        return "{\"a\":\"" + "x".repeat(bytes) + "\"}";
    }
}
