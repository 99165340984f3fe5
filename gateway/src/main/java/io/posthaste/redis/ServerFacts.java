package io.posthaste.redis;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a server says of itself. */
public final class ServerFacts {
    private final Map<String, String> facts;

    private ServerFacts(Map<String, String> facts) {
        this.facts = facts;
    }

    /** Of every server that takes writes. Blocks. */
    public static List<ServerFacts> of(RedisConnections redis) {
        return redis.info().stream().map(ServerFacts::parse).toList();
    }

    /** @param info the reply of {@code INFO} */
    public static ServerFacts parse(String info) {
        return new ServerFacts(factsIn(info));
    }

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

    public String text(String name, String otherwise) {
        return facts.getOrDefault(name, otherwise);
    }

    /** 0 for what is not there or no number. */
    public long number(String name) {
        String text = facts.getOrDefault(name, "0");
        return text.matches("-?\\d{1,18}") ? Long.parseLong(text) : 0;
    }

    /** Its warnings as {@link StartupChecks} has them, and what makes it unusable as the only one. */
    public List<String> unsafe() {
        try {
            return StartupChecks.check(facts);
        } catch (UnusableRedisException unusable) {
            return List.of(String.valueOf(unusable.getMessage()));
        }
    }

    public boolean isUsable() {
        try {
            StartupChecks.check(facts);
            return true;
        } catch (UnusableRedisException unusable) {
            return false;
        }
    }
}
