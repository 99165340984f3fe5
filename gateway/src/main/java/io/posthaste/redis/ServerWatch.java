package io.posthaste.redis;

import java.util.ArrayList;
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

    /** How far the slowest copy is behind, in seconds; 0 when there is none. */
    public static long slowestCopy(ServerFacts server) {
        return copies(server).stream()
                .map(copy -> copy.replaceAll(".*lag=(\\d{1,9}).*", "$1"))
                .filter(lag -> lag.matches("\\d{1,9}"))
                .mapToLong(Long::parseLong)
                .max()
                .orElse(0);
    }

    /** How many copies are online. */
    public static long online(ServerFacts server) {
        return copies(server).stream()
                .filter(copy -> copy.contains("state=online"))
                .count();
    }

    private static List<String> copies(ServerFacts server) {
        List<String> copies = new ArrayList<>();
        for (int i = 0; i < server.number("connected_slaves"); i++) {
            copies.add(server.text("slave" + i, ""));
        }
        return copies;
    }
}
