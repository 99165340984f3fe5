package io.posthaste.store.reporting;

import static io.posthaste.store.reporting.ReportScripts.load;
import static io.posthaste.store.reporting.ReportScripts.number;
import static io.posthaste.store.reporting.ReportScripts.text;

import io.posthaste.redis.LuaScript;
import io.posthaste.redis.RedisKeys;
import io.posthaste.redis.RedisLink;
import io.posthaste.redis.TreeOutput;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * What happened, in order, for one reporting webhook at a time. Whoever reads holds a lease on the webhook, so one
 * gateway at a time sends for it; a token fences off a holder whose lease ran out or whose webhook was changed.
 */
public final class ReportFeed {
    private static final int MOST_ENTRIES = 32;
    private static final int MOST_BYTES = 1 << 20;

    private final ReportScripts scripts;
    private final Duration lease;
    private final LuaScript next = load("next");
    private final LuaScript record = load("record");
    private final LuaScript release = load("release");
    private final LuaScript trim = load("trim");

    /**
     * One state change of one delivery.
     *
     * @param id the stream entry, which also orders it
     * @param number counts all entries ever written
     * @param fields as the engine's scripts wrote them: {@code id, action, metric, reason, at}, and {@code details} or
     *     {@code data}
     */
    public record Entry(String id, long number, Map<String, String> fields) {}

    /**
     * The right to send for a webhook, and what to send.
     *
     * @param remaining of the lease, when Redis answered
     * @param pause until the next attempt is due; nothing is to be sent before
     * @param failures attempts in a row that failed
     * @param lost entries found gone just now
     */
    public record Turn(
            String token, Duration remaining, Duration pause, int failures, long lost, List<Entry> entries) {}

    /** What became of an entry. */
    public sealed interface Told {
        record Delivered(int status) implements Told {}

        /** The webhook does not hear of this. */
        record Skipped() implements Told {}

        /** Too old by now. */
        record Expired() implements Told {}

        /** @param paused whether {@code delay} is the long wait of a receiver that wants no more for now */
        record Failed(int status, String reason, Duration delay, boolean paused) implements Told {}
    }

    /** @param lease longer than any attempt */
    public ReportFeed(RedisLink redis, RedisKeys keys, Duration lease) {
        this.scripts = new ReportScripts(redis, keys);
        this.lease = lease;
    }

    /**
     * Takes or renews the lease for {@code owner} and reads on. Empty while another owner sends for the webhook, and when
     * there is no such webhook.
     */
    public Mono<Turn> next(String webhook, String owner) {
        return scripts.run(next, webhook, owner, lease.toMillis(), MOST_ENTRIES, MOST_BYTES)
                .mapNotNull(reply -> turn((Object[]) reply));
    }

    /** Records what became of an entry and renews the lease. False: the token is void, and nothing was recorded. */
    public Mono<Boolean> record(String webhook, String token, Entry entry, Told outcome) {
        return run(webhook, token, entry, outcome).map(Long.valueOf(1)::equals);
    }

    private Mono<Object> run(String webhook, String token, Entry entry, Told outcome) {
        return switch (outcome) {
            case Told.Delivered done -> run(webhook, token, "delivered", entry, done.status(), "", 0, 0);
            case Told.Skipped skipped -> run(webhook, token, "skipped", entry, 0, "", 0, 0);
            case Told.Expired expired -> run(webhook, token, "expired", entry, 0, "", 0, 0);
            case Told.Failed failed ->
                run(
                        webhook,
                        token,
                        "failed",
                        entry,
                        failed.status(),
                        failed.reason(),
                        failed.delay().toMillis(),
                        failed.paused() ? 1 : 0);
        };
    }

    private Mono<Object> run(
            String webhook, String token, String what, Entry entry, int status, String reason, long delay, int paused) {
        return scripts.run(
                record,
                webhook,
                token,
                lease.toMillis(),
                what,
                entry.id(),
                entry.number(),
                status,
                reason,
                delay,
                paused);
    }

    /** Gives up the lease, so that the next owner need not wait for its end. */
    public Mono<Void> release(String webhook, String owner) {
        return scripts.run(release, webhook, owner).then();
    }

    /** Removes what every webhook is done with, and what is older than {@code longest}. */
    public Mono<Void> trim(Duration longest, int entriesKept) {
        return scripts.run(trim, longest.toMillis(), entriesKept).then();
    }

    private static @Nullable Turn turn(@Nullable Object[] reply) {
        if (reply.length < 8) {
            return null;
        }
        long now = number(reply[0]);
        long notBefore = number(reply[3]);
        return new Turn(
                text(reply[2]),
                Duration.ofMillis(number(reply[1])),
                Duration.ofMillis(Math.max(0, notBefore - now)),
                (int) number(reply[4]),
                number(reply[5]),
                entries((Object[]) Objects.requireNonNull(reply[7]), number(reply[6])));
    }

    private static List<Entry> entries(@Nullable Object[] reply, long number) {
        List<Entry> entries = new ArrayList<>(reply.length);
        for (Object one : reply) {
            Object[] entry = (Object[]) Objects.requireNonNull(one);
            entries.add(new Entry(text(entry[0]), ++number, TreeOutput.texts(entry[1])));
        }
        return entries;
    }
}
