package io.posthaste.redis;

import io.lettuce.core.protocol.CommandType;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What everyone who shares a keyspace must agree on, in the hash {@code posthaste:meta}: {@code version} of its layout,
 * {@code shards}, and their hash {@code tags} in order, with commas between them. Written once, by the first gateway;
 * producers read it.
 */
public final class Keyspace {
    private static final String META = "posthaste:meta";

    /** It changes when gateways of before could no longer work on what this one writes. */
    private static final String VERSION = "1";

    /** While the number of shards changes: gateways that know nothing of that must not begin to work. */
    public static final String CHANGING = "changing";

    private static final Logger log = LoggerFactory.getLogger(Keyspace.class);

    /** Four for each of as many primaries as most begin with, and no more: many shards mean small batches. */
    private static final int ON_A_CLUSTER = 16;

    private final RedisLink link;

    private Keyspace(RedisLink link) {
        this.link = link;
    }

    /**
     * Creates the hash, or joins those who did. Blocks.
     *
     * @param shards how many it is made with; 0 for as many as it has, or as suit what it is on
     * @throws UnusableRedisException when it was made for another layout or number of shards
     */
    public static Shards open(RedisConnections redis, int shards) {
        if (Integer.bitCount(shards) > 1) {
            throw new UnusableRedisException("redis.shards: is %d; expected a power of two from 1 to %d, or auto"
                    .formatted(shards, Shards.MOST));
        }
        return new Keyspace(redis.admin()).open(shards, redis.isCluster() ? ON_A_CLUSTER : 1);
    }

    private Shards open(int shards, int otherwise) {
        // Whoever writes a field first decides it, so that gateways that start together agree. The number of shards
        // follows from their tags, whoever wrote those.
        String version = first("version", VERSION);
        if (!version.equals(VERSION) && !version.equals(CHANGING)) {
            throw foreign("version", version, VERSION);
        }
        Shards found = Shards.of(
                first("tags", Shards.spread(shards > 0 ? shards : otherwise).tags()));
        String count = first("shards", "" + found.count());
        if (!count.equals("" + found.count())) {
            throw foreign("shards", count, "" + found.count());
        }
        if (shards > 0 && shards != found.count()) {
            tellOrRefuse(shards, count);
        }
        return found;
    }

    /** Where the number was changed since, a gateway with the old one in its settings is no stranger. */
    private void tellOrRefuse(int shards, String count) {
        if (await(CommandType.HGET, "epoch") == null) {
            throw foreign("shards", count, "" + shards);
        }
        log.atWarn()
                .addKeyValue("settings", shards)
                .addKeyValue("keyspace", count)
                .addKeyValue(
                        "fix", "the number was changed since: set redis.shards to that of the keyspace, or to auto")
                .log("redis.shards");
    }

    private static UnusableRedisException foreign(String field, String found, String known) {
        return new UnusableRedisException(
                "Redis holds a Posthaste keyspace with %s %s, and this gateway works with %s; use the gateway that made it, or another Redis"
                        .formatted(field, found, known));
    }

    private String first(String field, String value) {
        await(CommandType.HSETNX, field, value);
        return await(CommandType.HGET, field) instanceof byte[] found ? new String(found, StandardCharsets.UTF_8) : "";
    }

    private @Nullable Object await(CommandType command, Object... arguments) {
        try {
            return link.send(command, META, arguments).toCompletableFuture().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }
}
