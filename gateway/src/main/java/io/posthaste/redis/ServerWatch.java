package io.posthaste.redis;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What servers and streams say of themselves, read at once. Blocks. */
public final class ServerWatch {
    private final RedisConnections redis;
    private final Supplier<List<String>> shards;

    /** @param shards their tags as they are now */
    public ServerWatch(RedisConnections redis, Supplier<List<String>> shards) {
        this.redis = redis;
        this.shards = shards;
    }

    /** Of every server that takes writes. */
    public List<ServerFacts> servers() {
        return ServerFacts.of(redis);
    }

    /** Entries of results that each consumer group has still to read, over all shards. */
    public Map<String, Long> readers() {
        Map<String, Long> readers = new HashMap<>();
        for (String shard : shards.get()) {
            new ServerProbe(redis, shard)
                    .groups(new RedisKeys(shard).results())
                    .forEach((group, lag) -> readers.merge(group, lag, Long::sum));
        }
        return readers;
    }
}
