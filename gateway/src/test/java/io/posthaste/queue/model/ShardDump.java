package io.posthaste.queue.model;

import io.lettuce.core.api.sync.RedisCommands;
import io.posthaste.redis.RedisKeys;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a shard holds at one moment, by key, without clocks, counters and streams of events. */
record ShardDump(Map<String, Integer> contents) {

    static ShardDump of(RedisCommands<byte[], byte[]> redis, RedisKeys keys) {
        List<String> moving = List.of(keys.meta(), keys.stats(), keys.results(), keys.reports());
        Map<String, Integer> contents = new TreeMap<>();
        for (byte[] key : redis.keys(keys.prefix() + "*")) {
            if (!moving.contains(string(key))) {
                contents.put(string(key), content(redis, key));
            }
        }
        return new ShardDump(contents);
    }

    /** Hashes in order of their fields: Redis moves these about by itself. */
    private static int content(RedisCommands<byte[], byte[]> redis, byte[] key) {
        if (!redis.type(key).equals("hash")) {
            return Arrays.hashCode(redis.dump(key));
        }
        Map<String, Integer> fields = new TreeMap<>();
        redis.hgetall(key).forEach((name, value) -> fields.put(string(name), Arrays.hashCode(value)));
        return fields.hashCode();
    }

    /** The keys whose content is another now. */
    List<String> changed(ShardDump now) {
        Map<String, Integer> both = new TreeMap<>(contents);
        both.putAll(now.contents);
        return both.keySet().stream()
                .filter(key -> !contents.getOrDefault(key, 0).equals(now.contents.getOrDefault(key, 0)))
                .toList();
    }

    private static String string(byte[] text) {
        return new String(text, StandardCharsets.UTF_8);
    }
}
