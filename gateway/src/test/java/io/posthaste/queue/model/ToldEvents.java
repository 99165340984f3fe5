package io.posthaste.queue.model;

import io.lettuce.core.Range;
import io.lettuce.core.Range.Boundary;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.api.sync.RedisCommands;
import io.posthaste.redis.RedisKeys;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Every event is told twice, to upstream and to reporting webhooks, in the same order. */
final class ToldEvents {
    private final RedisKeys keys;
    /** Last entry looked at, by stream. */
    private final Map<String, String> seen = new TreeMap<>();

    ToldEvents(RedisKeys keys) {
        this.keys = keys;
    }

    /** What is wrong with the events since the last look. */
    List<String> findings(RedisCommands<String, String> redis) {
        List<String> published = news(redis, keys.results(), "event");
        List<String> reported = news(redis, keys.reports(), "metric");
        return published.equals(reported) ? List.of() : List.of("published " + published + " but reported " + reported);
    }

    private List<String> news(RedisCommands<String, String> redis, String stream, String name) {
        Range<String> unseen = Range.from(Boundary.excluding(seen.getOrDefault(stream, "0-0")), Boundary.unbounded());
        List<StreamMessage<String, String>> entries = redis.xrange(stream, unseen);
        entries.forEach(entry -> seen.put(stream, entry.getId()));
        return entries.stream()
                .map(StreamMessage::getBody)
                .map(fields ->
                        fields.get("id") + " " + metric(fields.getOrDefault(name, "?")) + " " + fields.get("reason"))
                .toList();
    }

    private static String metric(String event) {
        return switch (event) {
            case "cancelled", "skipped", "aborted" -> "undeliverable";
            default -> event;
        };
    }
}
