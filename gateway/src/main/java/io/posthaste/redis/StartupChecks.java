package io.posthaste.redis;

import io.lettuce.core.RedisCommandExecutionException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a Redis must be before jobs are trusted to it. */
public final class StartupChecks {
    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)\\.(\\d+).*");

    private StartupChecks() {}

    /**
     * Asks every connected server that takes writes about itself, blocking; see {@link #check}. One that says nothing is
     * trusted, and warned of.
     */
    public static List<String> of(RedisConnections redis) {
        try {
            return redis.info().stream()
                    .flatMap(server -> server.warnings().stream())
                    .distinct()
                    .toList();
        } catch (RedisCommandExecutionException refused) {
            if (!String.valueOf(refused.getMessage()).startsWith("NOPERM")) {
                throw refused;
            }
            return List.of(
                    "this user may not ask Redis for INFO, so nothing was checked: it must be 7.0 or newer, keep an"
                            + " append-only file, and have maxmemory-policy noeviction; allow +info to have it checked");
        }
    }

    /**
     * Looks at {@code INFO} only, because managed servers hide {@code CONFIG}.
     *
     * @param info the reply of {@code INFO everything}
     * @return warnings: what works but should be changed
     * @throws UnusableRedisException when jobs could be lost or the scripts cannot run
     */
    static List<String> check(String info) {
        return check(ServerFacts.factsIn(info));
    }

    /** The same of what was read already. */
    static List<String> check(Map<String, String> facts) {
        String valkey = facts.get("valkey_version");
        int version = version(facts.getOrDefault("redis_version", "0.0.0"));
        if (version < 70000) {
            throw new UnusableRedisException(
                    "Redis is version %s, which cannot run the job scripts; use Redis 7.0 or newer, or Valkey"
                            .formatted(facts.getOrDefault("redis_version", "unknown")));
        }
        String policy = facts.getOrDefault("maxmemory_policy", "noeviction");
        if (!policy.equals("noeviction")) {
            throw new UnusableRedisException(
                    "Redis evicts data when it is full (maxmemory-policy %s), so accepted jobs would vanish; set maxmemory-policy noeviction"
                            .formatted(policy));
        }
        return warnings(facts, valkey != null);
    }

    private static List<String> warnings(Map<String, String> facts, boolean valkey) {
        List<String> warnings = new ArrayList<>();
        if (facts.getOrDefault("aof_enabled", "0").equals("0")) {
            warnings.add("Redis keeps no append-only file (appendonly no): a restart of Redis loses accepted jobs;"
                    + " set appendonly yes");
        }
        String product = valkey ? "valkey" : "redis";
        String release = facts.getOrDefault(product + "_version", "");
        for (KnownHoles.Hole hole : KnownHoles.load().of(product, release)) {
            warnings.add("%s %s has %s (%s); use a newer one, or a build that has the fix%s"
                    .formatted(
                            valkey ? "Valkey" : "Redis",
                            release,
                            hole.cve(),
                            hole.what(),
                            hole.debianFix().equals("-") ? "" : " such as Debian's " + hole.debianFix()));
        }
        if (facts.getOrDefault("maxmemory", "0").equals("0")) {
            warnings.add(
                    "Redis has no memory limit (maxmemory 0); set maxmemory to at most 60 % of the machine's memory,"
                            + " so that a full queue refuses jobs instead of being killed");
        }
        return warnings;
    }

    private static int version(String text) {
        Matcher parts = VERSION.matcher(text);
        return parts.matches()
                ? Integer.parseInt(parts.group(1)) * 10_000
                        + Integer.parseInt(parts.group(2)) * 100
                        + Integer.parseInt(parts.group(3))
                : 0;
    }
}
