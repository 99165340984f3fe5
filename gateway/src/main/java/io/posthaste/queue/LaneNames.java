package io.posthaste.queue;

import io.lettuce.core.protocol.CommandType;
import io.posthaste.queue.record.Bytes;
import io.posthaste.redis.RedisKeys;
import io.posthaste.redis.RedisLink;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The lanes that have jobs or limits. Keys are scanned: they are as many as lanes, not as jobs. */
public final class LaneNames {
    /** Lanes of one script call that looks once at each. */
    public static final int PART = 500;

    private final RedisLink link;
    private final RedisKeys keys;

    public LaneNames(RedisLink link, RedisKeys keys) {
        this.link = link;
        this.keys = keys;
    }

    /** In order of their names. */
    public Mono<List<String>> all() {
        return scan("0")
                .expand(found -> found.cursor().equals("0") ? Mono.empty() : scan(found.cursor()))
                .map(Found::lanes)
                .mergeWith(fieldsOf(keys.busy()))
                .mergeWith(fieldsOf(keys.laneLimits()))
                .<Set<String>>collect(TreeSet::new, Set::addAll)
                .map(List::copyOf);
    }

    /** The names in parts of so many; one empty part for none. */
    public static List<List<String>> parts(List<String> names, int size) {
        List<List<String>> parts = new ArrayList<>();
        for (int i = 0; i == 0 || i < names.size(); i += size) {
            parts.add(names.subList(i, Math.min(names.size(), i + size)));
        }
        return parts;
    }

    private record Found(String cursor, List<String> lanes) {}

    private Mono<Found> scan(String cursor) {
        String due = keys.due("");
        return Mono.fromCompletionStage(() -> link.scan(due, cursor, due + "*", 1_000))
                .map(reply -> found((Object[]) reply, due.length()));
    }

    private static Found found(@Nullable Object[] reply, int skip) {
        List<String> lanes =
                names(reply[1]).stream().map(key -> key.substring(skip)).toList();
        return new Found(reply[0] instanceof byte[] next ? Bytes.ascii(next) : "0", lanes);
    }

    private Mono<List<String>> fieldsOf(String hash) {
        return Mono.fromCompletionStage(() -> link.send(CommandType.HKEYS, hash))
                .map(LaneNames::names);
    }

    private static List<String> names(@Nullable Object reply) {
        List<String> names = new ArrayList<>();
        if (reply instanceof Object[] found) {
            for (Object name : found) {
                names.add(name instanceof byte[] text ? Bytes.ascii(text) : "");
            }
        }
        return names;
    }
}
