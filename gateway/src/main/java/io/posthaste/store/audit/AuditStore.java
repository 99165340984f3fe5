package io.posthaste.store.audit;

import io.lettuce.core.protocol.CommandType;
import io.posthaste.audit.AuditEvent;
import io.posthaste.audit.AuditTrail;
import io.posthaste.redis.RedisLink;
import io.posthaste.redis.TreeOutput;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The audit trail: a stream, capped, the newest first. */
public final class AuditStore implements AuditTrail {
    /** Kept; about 300 bytes each. */
    private static final int MOST = 100_000;

    private static final String KEY = "posthaste:{audit}:log";
    private static final int AT_ONCE = 1_000;

    private final RedisLink redis;

    public AuditStore(RedisLink redis) {
        this.redis = redis;
    }

    /** @param cursor of the next page, null on the last */
    public record Page(List<AuditEvent> events, @Nullable String cursor) {}

    private record Entry(String id, AuditEvent event) {}

    @Override
    public Mono<Void> add(AuditEvent event) {
        Object[] entry = {
            "MAXLEN",
            "~",
            MOST,
            "*",
            "request",
            event.requestId(),
            "who",
            event.who(),
            "from",
            event.from(),
            "method",
            event.subject().method(),
            "path",
            event.subject().path(),
            "status",
            event.status(),
            "version",
            event.version()
        };
        return Mono.fromCompletionStage(() -> redis.send(CommandType.XADD, KEY, entry))
                .then();
    }

    /**
     * The newest first.
     *
     * @param cursor of the page before, null for the first
     */
    public Mono<Page> page(@Nullable String cursor, int limit, Predicate<AuditEvent> wanted) {
        return entries(cursor)
                .filter(entry -> wanted.test(entry.event()))
                .take(limit)
                .collectList()
                .map(found -> new Page(
                        found.stream().map(Entry::event).toList(),
                        found.size() < limit ? null : found.getLast().id()));
    }

    /** All that are kept, the newest first. */
    public Flux<AuditEvent> all(Predicate<AuditEvent> wanted) {
        return entries(null).map(Entry::event).filter(wanted);
    }

    /** Whether a text may be a cursor of {@link #page}. */
    public static boolean isCursor(String text) {
        return text.matches("[0-9]{1,20}-[0-9]{1,20}");
    }

    private Flux<Entry> entries(@Nullable String cursor) {
        return read(cursor)
                .expand(
                        part -> part.size() < AT_ONCE
                                ? Mono.empty()
                                : read(part.getLast().id()),
                        1)
                .concatMapIterable(part -> part, 1);
    }

    private Mono<List<Entry>> read(@Nullable String before) {
        String from = before == null ? "+" : "(" + before;
        return Mono.fromCompletionStage(() -> redis.send(CommandType.XREVRANGE, KEY, from, "-", "COUNT", AT_ONCE))
                .map(reply -> Stream.of((Object[]) reply).map(AuditStore::entry).toList());
    }

    private static Entry entry(Object reply) {
        Object[] parts = (Object[]) reply;
        Map<String, String> fields = TreeOutput.texts(parts[1]);
        String id = text(parts[0]);
        return new Entry(
                id,
                new AuditEvent(
                        fields.getOrDefault("request", ""),
                        Long.parseLong(id.substring(0, id.indexOf('-'))),
                        fields.getOrDefault("who", ""),
                        fields.getOrDefault("from", ""),
                        new AuditEvent.Subject(fields.getOrDefault("method", ""), fields.getOrDefault("path", "")),
                        (int) number(fields.get("status")),
                        number(fields.get("version"))));
    }

    /** Redis is not trusted: what is no number is none. */
    private static long number(@Nullable String text) {
        return text != null && text.matches("[0-9]{1,9}") ? Long.parseLong(text) : 0;
    }

    private static String text(Object bytes) {
        return new String((byte[]) bytes, StandardCharsets.UTF_8);
    }
}
