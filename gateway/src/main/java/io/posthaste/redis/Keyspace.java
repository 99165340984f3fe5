package io.posthaste.redis;

import io.lettuce.core.api.sync.RedisCommands;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What everyone who shares a keyspace must agree on, in the hash {@code posthaste:meta}: {@code version} of its layout,
 * {@code shards}, and their hash {@code tags} in order, with commas between them. Written once, by the first gateway;
 * producers read it.
 */
public final class Keyspace {
    private static final String META = "posthaste:meta";

    /** The version changes when gateways of before could no longer work on what this one writes. */
    private static final Map<String, String> SINGLE_SHARD = Map.of("version", "1", "shards", "1", "tags", "0");

    private Keyspace() {}

    /**
     * Creates the hash, or compares it with what this gateway would have written. Blocks.
     *
     * @throws UnusableRedisException when it was made for another layout or number of shards
     */
    public static void open(RedisConnections redis, int shards) {
        if (shards != 1) {
            throw new UnusableRedisException(
                    "redis.shards: is %d; more than one is for Redis Cluster, which is not supported yet; set 1"
                            .formatted(shards));
        }
        RedisCommands<byte[], byte[]> commands = redis.admin().connection().sync();
        // Field by field, so that two gateways that start together agree on whichever was first.
        SINGLE_SHARD.forEach((field, value) -> commands.hsetnx(bytes(META), bytes(field), bytes(value)));
        check("version", commands);
        check("shards", commands);
    }

    private static void check(String field, RedisCommands<byte[], byte[]> commands) {
        String found = text(commands.hget(bytes(META), bytes(field)));
        String known = SINGLE_SHARD.get(field);
        if (!found.equals(known)) {
            throw new UnusableRedisException(
                    "Redis holds a Posthaste keyspace with %s %s, and this gateway works with %s; use the gateway that made it, or another Redis"
                            .formatted(field, found, known));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
