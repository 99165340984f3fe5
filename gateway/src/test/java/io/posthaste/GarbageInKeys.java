package io.posthaste;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanIterator;
import io.lettuce.core.ScoredValue;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Somebody who writes anything anywhere among the engine's keys. */
final class GarbageInKeys {
    private static final List<String> TYPES = List.of("string", "list", "set", "hash", "zset", "stream");

    /** Beside those that are there at the moment. */
    private static final List<String> NAMES = List.of(
            "inbox",
            "ids",
            "leased",
            "busy",
            "ready",
            "wake",
            "lane-limits",
            "lane-rates",
            "lane-order",
            "ordered",
            "alerts",
            "failing-since",
            "parked",
            "state",
            "parked-at",
            "cancelling",
            "failed",
            "drafts",
            "results",
            "quarantine",
            "reports",
            "meta",
            "stats",
            "sent",
            "closed",
            "known-buckets",
            "tally-buckets",
            "operations",
            "operations-running",
            "due:load-1",
            "due:probe",
            "person:ada");

    private static final List<String> FIELDS = List.of(
            "clock",
            "virtual",
            "cursor",
            "ahead",
            "righted",
            "reports",
            "rescan",
            "sent",
            "sent-blocks",
            "closed",
            "closed-blocks",
            "request-bytes",
            "requests-first",
            "resent",
            "claimed",
            "load-1",
            "probe",
            "version");

    private static final List<String> VALUES = List.of(
            "",
            "text",
            "-1",
            "0",
            "1",
            "5-0",
            "99999999999999-0",
            "18446744073709551615-18446744073709551615",
            "nan",
            "-inf",
            "1e300",
            "9223372036854775807",
            "1800000000000000",
            "2,1,9007199254740991",
            "\u0001",
            "\u0000\u00ff",
            "{",
            "x".repeat(70_000));

    private static final double[] SCORES = {
        Double.NEGATIVE_INFINITY, -1, 0, 1, 1e12, 1.8e12, 1e15, 1.9e15, 1e18, 1e300, Double.POSITIVE_INFINITY
    };

    private final RedisCommands<String, String> redis;
    private final Random random;

    GarbageInKeys(RedisCommands<String, String> redis, Random random) {
        this.redis = redis;
        this.random = random;
    }

    /** Writes once. Answers what, for whoever reads a failure. */
    String write() {
        String key = key();
        String type = redis.type(key);
        String what = key + " (" + type + ") ";
        try {
            if (type.equals("none") || random.nextInt(4) == 0) {
                String other = TYPES.get(random.nextInt(TYPES.size()));
                redis.del(key);
                fill(key, other);
                return what + "is " + other + " now";
            }
            if (random.nextInt(12) == 0) {
                redis.del(key);
                return what + "deleted";
            }
            return what + garble(key, type);
        } catch (RedisCommandExecutionException refused) {
            return what + "refused: " + refused.getMessage();
        }
    }

    private String key() {
        String prefix = TestGateway.KEYS.prefix();
        if (random.nextBoolean()) {
            return prefix + NAMES.get(random.nextInt(NAMES.size()));
        }
        List<String> present = ScanIterator.scan(
                        redis, ScanArgs.Builder.matches("posthaste:*").limit(1_000))
                .stream()
                .filter(key -> !key.contains(":damaged:"))
                .sorted()
                .toList();
        return present.isEmpty() ? prefix + "meta" : present.get(random.nextInt(present.size()));
    }

    private String value() {
        return VALUES.get(random.nextInt(VALUES.size()));
    }

    private void fill(String key, String type) {
        switch (type) {
            case "list" -> redis.rpush(key, value());
            case "set" -> redis.sadd(key, value());
            case "hash" -> redis.hset(key, value(), value());
            case "zset" -> redis.zadd(key, score(), value());
            case "stream" -> redis.xadd(key, Map.of("f", value()));
            default -> redis.set(key, value());
        }
    }

    private double score() {
        return SCORES[random.nextInt(SCORES.length)];
    }

    private String garble(String key, String type) {
        switch (type) {
            case "hash" -> {
                String field =
                        random.nextInt(3) == 0 ? FIELDS.get(random.nextInt(FIELDS.size())) : redis.hrandfield(key);
                boolean flips = field != null && random.nextInt(3) == 0;
                String value = flips ? flipped(redis.hget(key, field)) : value();
                redis.hset(key, field == null ? "f" : field, value);
                return "field " + field + " = " + shown(value);
            }
            case "zset" -> {
                ScoredValue<String> found = redis.zrandmemberWithScores(key);
                String member = random.nextBoolean() && found.hasValue() ? found.getValue() : value();
                double score = score();
                redis.zadd(key, score, member);
                return "member " + shown(member) + " at " + score;
            }
            case "stream" -> {
                boolean last = random.nextInt(8) == 0;
                redis.xadd(
                        key,
                        last ? new XAddArgs().id("18446744073709551615-18446744073709551615") : new XAddArgs(),
                        Map.of(FIELDS.get(random.nextInt(FIELDS.size())), value()));
                return last ? "ids are used up" : "an entry of garbage";
            }
            case "list" -> {
                String value = random.nextBoolean() ? flipped(redis.lindex(key, 0)) : value();
                redis.lset(key, random.nextBoolean() ? 0 : -1, value);
                return "element = " + shown(value);
            }
            case "set" -> redis.sadd(key, value());
            default -> redis.append(key, value());
        }
        return "more of it";
    }

    /** One character is another, or the end is missing. */
    private String flipped(String text) {
        if (text == null || text.isEmpty()) {
            return value();
        }
        int at = random.nextInt(text.length());
        return random.nextBoolean()
                ? text.substring(0, at)
                : text.substring(0, at) + (char) random.nextInt(256) + text.substring(at + 1);
    }

    private static String shown(String text) {
        return text.length() > 40 ? text.substring(0, 40) + "..." : text;
    }
}
