package io.posthaste.redis;

import io.lettuce.core.RedisURI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a server says of itself. */
public final class ServerFacts {
    private final String address;
    private final Map<String, String> facts;

    private ServerFacts(String address, Map<String, String> facts) {
        this.address = address;
        this.facts = facts;
    }

    /** Of every server that takes writes. Blocks. */
    public static List<ServerFacts> of(RedisConnections redis) {
        return redis.info();
    }

    /**
     * @param from where it was asked
     * @param info the reply of {@code INFO}
     */
    static ServerFacts of(RedisURI from, String info) {
        return new ServerFacts(RedisAddresses.shown(List.of(from)), factsIn(info));
    }

    /** @param info the reply of {@code INFO} */
    static Map<String, String> factsIn(String info) {
        Map<String, String> facts = new HashMap<>();
        for (String line : info.split("\r?\n")) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                facts.put(line.substring(0, colon), line.substring(colon + 1));
            }
        }
        return facts;
    }

    /** {@code host:port} where it is reached, which tells it from all others: servers of a cluster may have one port. */
    public String address() {
        return address;
    }

    public String text(String name, String otherwise) {
        return facts.getOrDefault(name, otherwise);
    }

    /** 0 for what is not there or no number. */
    public long number(String name) {
        String text = facts.getOrDefault(name, "0");
        return text.matches("-?\\d{1,18}") ? Long.parseLong(text) : 0;
    }

    /**
     * As {@link StartupChecks} has them.
     *
     * @throws UnusableRedisException when it may not be the only one
     */
    public List<String> warnings() {
        return StartupChecks.check(facts);
    }

    /** How far the slowest copy is behind, in seconds; 0 when there is none. */
    public long slowestCopy() {
        return copies().stream()
                .map(copy -> copy.replaceAll(".*lag=(\\d{1,9}).*", "$1"))
                .filter(lag -> lag.matches("\\d{1,9}"))
                .mapToLong(Long::parseLong)
                .max()
                .orElse(0);
    }

    /** How many copies are online. */
    public long onlineCopies() {
        return copies().stream().filter(copy -> copy.contains("state=online")).count();
    }

    private List<String> copies() {
        List<String> copies = new ArrayList<>();
        for (int i = 0; i < number("connected_slaves"); i++) {
            copies.add(text("slave" + i, ""));
        }
        return copies;
    }
}
