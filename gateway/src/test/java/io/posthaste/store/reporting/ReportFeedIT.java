package io.posthaste.store.reporting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.lettuce.core.protocol.CommandType;
import io.posthaste.redis.RedisKeys;
import io.posthaste.redis.RedisLink;
import io.posthaste.store.reporting.ReportFeed.Entry;
import io.posthaste.store.reporting.ReportFeed.Told;
import io.posthaste.store.reporting.ReportFeed.Turn;
import io.posthaste.testing.ConnectedRedis;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One position for each webhook, one sender at a time, nothing skipped unseen. */
class ReportFeedIT {
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final RedisKeys KEYS = new RedisKeys("0");
    private static final Told DELIVERED = new Told.Delivered(204);

    @AutoClose
    private static final ConnectedRedis CONNECTED = new ConnectedRedis();

    private static final RedisLink REDIS = CONNECTED.connections.admin();

    private final ReportingWebhookStore store = new ReportingWebhookStore(REDIS, KEYS, 1_000);
    private final ReportFeed feed = new ReportFeed(REDIS, KEYS, Duration.ofSeconds(30));
    private final ReportFeed hurried = new ReportFeed(REDIS, KEYS, Duration.ofMillis(50));

    @BeforeEach
    void clear() {
        REDIS.commands().flushall().toCompletableFuture().join();
    }

    @Test
    void aWebhookStartsWithWhatHappensAfterIt() {
        happens("before");
        save("w", true);
        happens("after");

        assertThat(jobs(turn("me"))).containsExactly("after");
    }

    @Test
    void whatWasRecordedIsDoneWithAndTheRestComesAgain() {
        save("w", true);
        happens("a");
        happens("b");
        happens("c");

        Turn first = turn("me");
        record(first, 0, DELIVERED);
        record(first, 1, new Told.Skipped());
        record(first, 2, new Told.Failed(503, "HTTP 503", Duration.ZERO, false));

        assertThat(jobs(turn("me"))).containsExactly("c");
        assertThat(status().events().delivered()).isEqualTo(1);
        assertThat(status().lag()).isEqualTo(1);
        assertThat(status().last().failures()).isEqualTo(1);
        assertThat(status().last().reason()).isEqualTo("HTTP 503");
    }

    @Test
    void oneOwnerAtATimeUntilItGivesUpTheLease() {
        save("w", true);
        happens("a");

        assertThat(jobs(turn("one"))).containsExactly("a");
        assertThat(feed.next("w", "two").block(WAIT)).isNull();
        feed.release("w", "two").block(WAIT);
        assertThat(feed.next("w", "two").block(WAIT)).isNull();
        feed.release("w", "one").block(WAIT);
        assertThat(jobs(turn("two"))).containsExactly("a");
    }

    @Test
    void anOwnerThatDiedIsSucceededAndFencedOff() {
        save("w", true);
        happens("a");
        Turn old = Objects.requireNonNull(hurried.next("w", "dead").block(WAIT));

        await().atMost(WAIT).until(() -> feed.next("w", "heir").block(WAIT) != null);
        Turn heirs = turn("heir");

        assertThat(jobs(heirs)).containsExactly("a");
        assertThat(recorded(old, 0, DELIVERED)).isFalse();
        assertThat(recorded(heirs, 0, DELIVERED)).isTrue();
        assertThat(status().events().delivered()).isEqualTo(1);
    }

    @Test
    void aChangeVoidsWhatTheOwnerKnowsAndLetsItTryAgain() {
        save("w", true);
        happens("a");
        Turn before = turn("me");
        record(before, 0, new Told.Failed(410, "HTTP 410", Duration.ofHours(1), true));
        assertThat(turn("me").entries()).isEmpty();
        assertThat(status().paused()).isTrue();

        save("w", true);

        assertThat(recorded(before, 0, DELIVERED)).isFalse();
        assertThat(jobs(turn("me"))).containsExactly("a");
        assertThat(status().paused()).isFalse();
    }

    @Test
    void resumingEndsAPause() {
        save("w", true);
        happens("a");
        record(turn("me"), 0, new Told.Failed(410, "HTTP 410", Duration.ofHours(1), true));
        assertThat(turn("me").pause()).isBetween(Duration.ofMinutes(59), Duration.ofHours(1));

        assertThat(store.resume("w").block(WAIT)).isTrue();

        assertThat(jobs(turn("me"))).containsExactly("a");
        assertThat(store.resume("none").block(WAIT)).isFalse();
    }

    @Test
    void whatWasTrimmedUnreadIsCountedOnce() {
        save("w", true);
        List.of("a", "b", "c", "d").forEach(ReportFeedIT::happens);
        record(turn("me"), 0, DELIVERED);
        send(CommandType.XTRIM, KEYS.reports(), "MAXLEN", "1");

        Turn next = turn("me");

        assertThat(next.lost()).isEqualTo(2);
        assertThat(jobs(next)).containsExactly("d");
        assertThat(turn("me").lost()).isZero();
        record(next, 0, DELIVERED);
        assertThat(status().events().lost()).isEqualTo(2);
        assertThat(status().lag()).isZero();
    }

    @Test
    void whatEveryWebhookIsDoneWithGoes() {
        save("w", true);
        save("slow", true);
        for (int i = 0; i < 300; i++) {
            happens("j" + i);
        }
        for (Turn turn = turn("me"); !turn.entries().isEmpty(); turn = turn("me")) {
            record(turn, turn.entries().size() - 1, DELIVERED);
        }
        feed.trim(Duration.ofDays(7), 1_000).block(WAIT);
        assertThat(length()).isEqualTo(300);

        store.delete("slow").block(WAIT);
        feed.trim(Duration.ofDays(7), 1_000).block(WAIT);

        assertThat(length()).isLessThan(150);
        assertThat(turn("me").lost()).isZero();
    }

    @Test
    void whatIsTooOldGoesAndCountsAsLost() {
        save("w", true);
        for (int i = 1; i <= 300; i++) {
            send(CommandType.XADD, KEYS.reports(), "1000-" + i, "id", "old", "metric", "sent");
        }
        feed.trim(Duration.ofDays(7), 1_000).block(WAIT);

        assertThat(turn("me").lost()).isGreaterThanOrEqualTo(200);
    }

    @Test
    void theEngineIsToldWhileSomebodyListensAndOnlyThen() {
        assertThat(told()).isEmpty();
        save("w", true);
        assertThat(told()).isEqualTo("1000");
        save("w", false);
        assertThat(told()).isEmpty();
        save("w", true);
        happens("a");
        assertThat(store.delete("w").block(WAIT)).isTrue();

        assertThat(told()).isEmpty();
        assertThat(length()).isZero();
        assertThat(store.delete("w").block(WAIT)).isFalse();
    }

    @Test
    void nothingIsKeptForAWebhookThatIsOff() {
        save("other", true);
        save("w", false);
        happens("while off");
        save("w", true);
        happens("while on");

        assertThat(jobs(turn("me"))).containsExactly("while on");
    }

    @Test
    void thereAreNoMoreThanTwenty() {
        for (int i = 0; i < ReportingWebhookStore.MOST; i++) {
            assertThat(save("w" + i, true)).isNotNull();
        }

        assertThat(save("one-too-many", true)).isNull();
        assertThat(save("w3", false)).isNotNull();
        assertThat(Objects.requireNonNull(store.list().block(WAIT))).hasSize(ReportingWebhookStore.MOST);
    }

    @Test
    void anIdleTurnWritesNothing() {
        save("w", true);
        turn("me");
        String before = changes();

        turn("me");

        assertThat(changes()).isEqualTo(before);
    }

    private static String changes() {
        return text(send(CommandType.INFO, "persistence"))
                .lines()
                .filter(line -> line.startsWith("rdb_changes_since_last_save"))
                .findFirst()
                .orElseThrow();
    }

    private static void happens(String job) {
        send(CommandType.XADD, KEYS.reports(), "*", "id", job, "metric", "sent", "data", "{}");
    }

    private @Nullable ReportingWebhook save(String id, boolean enabled) {
        var reading = new ReportingWebhookCodec()
                .read(
                        id,
                        JsonNodeFactory.instance
                                .objectNode()
                                .put("url", "https://r.example/")
                                .put("enabled", enabled));
        return store.save(reading.webhook()).block(WAIT);
    }

    private Turn turn(String owner) {
        return Objects.requireNonNull(feed.next("w", owner).block(WAIT));
    }

    private static List<String> jobs(Turn turn) {
        return turn.entries().stream()
                .map(Entry::fields)
                .map(fields -> fields.getOrDefault("id", ""))
                .toList();
    }

    private void record(Turn turn, int entry, Told outcome) {
        assertThat(recorded(turn, entry, outcome)).isTrue();
    }

    private boolean recorded(Turn turn, int entry, Told outcome) {
        return Boolean.TRUE.equals(feed.record("w", turn.token(), turn.entries().get(entry), outcome)
                .block(WAIT));
    }

    private ReportStatus status() {
        return store.list().blockOptional(WAIT).orElseThrow().getFirst().status();
    }

    private static String told() {
        return text(send(CommandType.HGET, KEYS.meta(), "reports"));
    }

    private static long length() {
        return send(CommandType.XLEN, KEYS.reports()) instanceof Long length ? length : -1;
    }

    private static String text(@Nullable Object reply) {
        return ReportScripts.text(reply);
    }

    private static @Nullable Object send(CommandType command, String key, Object... arguments) {
        return REDIS.send(command, key, arguments).toCompletableFuture().join();
    }
}
