package io.posthaste.redis;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What servers and streams say of themselves, read at once. Blocks. */
public final class ServerWatch {
    private final RedisConnections redis;
    private final List<String> shards;

    /** @param shards their tags */
    public ServerWatch(RedisConnections redis, List<String> shards) {
        this.redis = redis;
        this.shards = List.copyOf(shards);
    }

    /** Of every server that takes writes. */
    public List<ServerFacts> servers() {
        return ServerFacts.of(redis);
    }

    /** Entries of results that each consumer group has still to read, over all shards. */
    public Map<String, Long> readers() {
        Map<String, Long> readers = new HashMap<>();
        for (String shard : shards) {
            new ServerProbe(redis, shard)
                    .groups(new RedisKeys(shard).results())
                    .forEach((group, lag) -> readers.merge(group, lag, Long::sum));
        }
        return readers;
    }
}
