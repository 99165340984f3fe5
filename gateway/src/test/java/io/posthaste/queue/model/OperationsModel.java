package io.posthaste.queue.model;

import io.lettuce.core.api.sync.RedisCommands;
import io.posthaste.redis.RedisKeys;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What operations may do to which deliveries: never another one, never more than they may, and nobody is left out. */
final class OperationsModel {
    /** Few, so that operations take several steps. */
    private static final int LOOK = 3;

    private static final List<String> KINDS = List.of("resend", "send", "discard", "cancel");

    private final RedisKeys keys;
    private final Random random;
    private final List<String> lanes;
    private final Map<String, Operation> running = new TreeMap<>();
    private int nextId;

    /** Runs a script. */
    interface Scripts {
        Object run(String name, Object... arguments);
    }

    /** What is known of a delivery that an operation may come upon. */
    interface Known {
        String lane(String entry);

        /** Why it failed; empty for what did not. */
        String reason(String entry);

        /** Recorded attempts since it was enqueued or sent again. */
        int attempts(String entry);
    }

    private record Selection(String kind, String set, String lane, String reason, int most) {
        boolean means(String entry, Known known) {
            return (lane.isEmpty() || lane.equals(known.lane(entry)))
                    && known.reason(entry).contains(reason)
                    && (!kind.equals("cancel") || known.attempts(entry) > 0);
        }
    }

    /** @param upto the last score it goes to */
    private record Operation(Selection selection, int rate, double upto, int done) {
        int quota() {
            return Math.min(Math.max(1, rate / 10), selection.most - done);
        }

        Operation and(int more) {
            return new Operation(selection, rate, upto, done + more);
        }
    }

    /** @param kind what was done to the entries */
    record Step(String kind, List<String> entries) {}

    OperationsModel(RedisKeys keys, Random random, List<String> lanes) {
        this.keys = keys;
        this.random = random;
        this.lanes = lanes;
    }

    boolean anyRunning() {
        return !running.isEmpty();
    }

    /** Somebody wants something; the same twice at a time is one. */
    void start(Scripts scripts, RedisCommands<String, String> redis) {
        Selection selection = anyRunning() && random.nextInt(3) == 0
                ? running.values().iterator().next().selection
                : selection();
        int rate = random.nextBoolean() ? 10 : 1_000;
        String id = "op" + nextId++;
        String expected = running.entrySet().stream()
                .filter(other -> other.getValue().selection.equals(selection))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(id);
        long before = millis(redis);
        Object reply = scripts.run(
                "operation",
                "start",
                id,
                selection.kind,
                selection.set,
                selection.lane,
                selection.reason,
                0,
                0,
                rate,
                selection.most,
                0,
                "for a reason");
        String started = new String((byte[]) reply, StandardCharsets.UTF_8);
        Check.that(started.equals(expected), "an operation was started as " + started + ", not " + expected);
        if (started.equals(id)) {
            double upto = upto(selection, redis.hget(keys.operation(id), "upto"));
            Check.that(
                    selection.kind.equals("cancel") || (upto >= before && upto <= millis(redis)),
                    id + " goes up to " + upto);
            running.put(id, new Operation(selection, rate, upto, 0));
        }
    }

    private Selection selection() {
        String kind = KINDS.get(random.nextInt(KINDS.size()));
        String lane = kind.equals("cancel") || random.nextBoolean() ? lanes.get(random.nextInt(lanes.size())) : "";
        String reason = kind.equals("resend") && random.nextBoolean() ? "HTTP 404" : "";
        String set = switch (kind) {
            case "resend" -> "failed";
            case "cancel" -> "due:" + lane;
            default -> "drafts";
        };
        return new Selection(kind, set, lane, reason, random.nextBoolean() ? 1 : 1_000);
    }

    private static double upto(Selection selection, @Nullable String kept) {
        return selection.kind.equals("cancel")
                ? Double.POSITIVE_INFINITY
                : Double.parseDouble(kept == null ? "0" : kept);
    }

    private static long millis(RedisCommands<String, String> redis) {
        List<String> time = redis.time();
        return Long.parseLong(time.get(0)) * 1_000 + Long.parseLong(time.get(1)) / 1_000;
    }

    void cancel(Scripts scripts, RedisCommands<String, String> redis) {
        String id = any();
        running.remove(id);
        Check.that(Long.valueOf(1).equals(scripts.run("operation", "cancel", id)), id + " was not cancelled");
        Check.that(
                redis.zscore(keys.prefix() + "operations-running", id) == null, id + " runs though it was cancelled");
        Check.that(
                "cancelled".equals(redis.hget(keys.operation(id), "state")),
                id + " does not say that it was cancelled");
    }

    /** The next step of one of them, which is made due. */
    Step step(Scripts scripts, RedisCommands<String, String> redis, Known known) {
        String id = any();
        Operation operation = running.getOrDefault(id, new Operation(selection(), 0, 0, 0));
        String set = keys.prefix() + operation.selection.set;
        redis.zadd(keys.prefix() + "operations-running", 0, id);
        Map<String, Double> before = scores(redis, set);

        scripts.run("operate", LOOK, 10_000, 100, 0);

        Map<String, Double> after = scores(redis, set);
        List<String> touched = new ArrayList<>(before.keySet());
        touched.removeAll(after.keySet());
        Check.that(touched.size() <= operation.quota(), id + " did " + touched.size() + " at once");
        for (String entry : touched) {
            Check.that(operation.selection.means(entry, known), id + " touched " + entry + ", which it does not mean");
            Check.that(
                    before.getOrDefault(entry, 0.0) <= operation.upto, id + " touched " + entry + ", which came later");
        }
        ended(id, operation.and(touched.size()), redis.hgetall(keys.operation(id)), after, known);
        return new Step(operation.selection.kind, touched);
    }

    private void ended(
            String id, Operation operation, Map<String, String> kept, Map<String, Double> rest, Known known) {
        Check.that(("" + operation.done).equals(kept.get("done")), id + " did " + operation.done + " but says " + kept);
        running.put(id, operation);
        if (!"done".equals(kept.get("state"))) {
            Check.that(operation.done < operation.selection.most, id + " goes on though it did all it may");
            return;
        }
        running.remove(id);
        // A retry may come due earlier than where the operation is by then.
        boolean leavesSome = !operation.selection.kind.equals("cancel") && operation.done < operation.selection.most;
        rest.forEach((entry, score) -> Check.that(
                !leavesSome || score >= operation.upto || !operation.selection.means(entry, known),
                id + " ended and left out " + entry));
    }

    private String any() {
        List<String> ids = List.copyOf(running.keySet());
        return ids.get(random.nextInt(ids.size()));
    }

    private static Map<String, Double> scores(RedisCommands<String, String> redis, String set) {
        Map<String, Double> scores = new LinkedHashMap<>();
        redis.zrangeWithScores(set, 0, -1).forEach(one -> scores.put(one.getValue(), one.getScore()));
        return scores;
    }
}
