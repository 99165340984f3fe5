package io.posthaste.bench.load.drive;

import io.posthaste.bench.load.process.RedisConnection;
import io.posthaste.bench.load.process.RedisServer;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the one shard of a Redis holds. */
public record Shard(RedisServer redis) {
    private static final String PREFIX = "posthaste:{0}:";
    public static final String INBOX = PREFIX + "inbox";
    private static final Pattern COUNT = Pattern.compile("\"" + Workload.COUNTED + "\":(\\d+)");

    private static final Pattern REASON = Pattern.compile("event, failed,.* reason, ([^,\\]]*)");

    /** Whether no job waits, retries or is leased. */
    public boolean isSettled() {
        try (RedisConnection connection = RedisConnection.open(redis.address())) {
            return connection.number("XLEN", INBOX) == 0
                    && connection.number("ZCARD", PREFIX + "leased") == 0
                    && connection.number("ZCARD", PREFIX + "parked-at") == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Every lease that is held now, named so that the same job leased again is another. */
    public Set<String> leases() throws IOException {
        try (RedisConnection connection = RedisConnection.open(redis.address())) {
            Set<String> leases = new HashSet<>();
            if (connection.call("ZRANGE", PREFIX + "leased", "0", "-1", "WITHSCORES") instanceof List<?> flat) {
                for (int i = 0; i + 1 < flat.size(); i += 2) {
                    leases.add(flat.get(i) + "@" + flat.get(i + 1));
                }
            }
            return leases;
        }
    }

    /** Entries kept as failed, and entries in quarantine. */
    public long refused() throws IOException {
        try (RedisConnection connection = RedisConnection.open(redis.address())) {
            return connection.number("ZCARD", PREFIX + "failed") + connection.number("XLEN", PREFIX + "quarantine");
        }
    }

    /** Why jobs failed, as the last hundred events of failures say; each reason once. */
    public Set<String> reasons() throws IOException {
        try (RedisConnection connection = RedisConnection.open(redis.address())) {
            Set<String> reasons = new TreeSet<>();
            if (connection.call("XREVRANGE", PREFIX + "results", "+", "-", "COUNT", "5000") instanceof List<?> events) {
                events.stream()
                        .map(event -> REASON.matcher(String.valueOf(event)))
                        .filter(Matcher::find)
                        .limit(100)
                        .forEach(found -> reasons.add(found.group(1)));
            }
            return reasons;
        }
    }

    /** What answers added up to, over so many people that jobs share. */
    public long sumOfPeople(int people) throws IOException {
        long sum = 0;
        try (RedisConnection connection = RedisConnection.open(redis.address())) {
            for (int person = 0; person < people; person++) {
                sum += added(connection.call("HGET", personKey(person), "attributes"));
            }
        }
        return sum;
    }

    public void forgetPeople(int people) throws IOException {
        try (RedisConnection connection = RedisConnection.open(redis.address())) {
            for (int person = 0; person < people; person++) {
                connection.call("DEL", personKey(person));
            }
        }
    }

    private static String personKey(int person) {
        return PREFIX + "person:" + Workload.personId(person);
    }

    /**
     * What answers added up to on one person.
     *
     * @param attributes as Redis has them; null for nobody
     */
    public static long added(@Nullable Object attributes) {
        Matcher count = COUNT.matcher(String.valueOf(attributes));
        return count.find() ? Long.parseLong(count.group(1)) : 0;
    }
}
