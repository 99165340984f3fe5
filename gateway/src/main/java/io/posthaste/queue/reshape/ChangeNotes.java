package io.posthaste.queue.reshape;

import io.lettuce.core.protocol.CommandType;
import io.posthaste.queue.record.Bytes;
import io.posthaste.redis.RedisLink;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** How far a change of the number of shards is, for those who watch it; nothing is decided by it. */
final class ChangeNotes {
    /** No shard's, like what gateways say of themselves. */
    private static final String KEY = "posthaste:{gateways}:change";

    private final RedisLink link;

    ChangeNotes(RedisLink link) {
        this.link = link;
    }

    /**
     * What was noted.
     *
     * @param people who moved
     * @param lines jobs in lines that go on where they were
     * @param waitsFor gateways that do not act by the present phase yet
     */
    record Noted(long people, long lines, List<String> waitsFor) {}

    Mono<Noted> read() {
        return Mono.fromCompletionStage(() -> link.send(CommandType.HMGET, KEY, "people", "lines", "waits-for"))
                .map(reply -> noted((Object[]) reply));
    }

    private static Noted noted(@Nullable Object[] fields) {
        String waitsFor = text(fields[2]);
        return new Noted(
                number(text(fields[0])),
                number(text(fields[1])),
                waitsFor.isEmpty() ? List.of() : List.of(waitsFor.split(",")));
    }

    private static String text(@Nullable Object value) {
        return value instanceof byte[] bytes ? Bytes.utf8(bytes) : "";
    }

    private static long number(String text) {
        return text.matches("[0-9]{1,15}") ? Long.parseLong(text) : 0;
    }

    Mono<Void> clear() {
        return send(CommandType.DEL);
    }

    Mono<Void> waitsFor(Collection<String> gateways) {
        return send(CommandType.HSET, "waits-for", String.join(",", gateways));
    }

    Mono<Void> waitsForNobody() {
        return send(CommandType.HDEL, "waits-for");
    }

    Mono<Void> moved(long people) {
        return people == 0 ? Mono.empty() : send(CommandType.HINCRBY, "people", people);
    }

    Mono<Void> lines(long jobs) {
        return send(CommandType.HSET, "lines", jobs);
    }

    private Mono<Void> send(CommandType command, Object... arguments) {
        return Mono.fromCompletionStage(() -> link.send(command, KEY, arguments))
                .then();
    }
}
