package io.posthaste.queue.model;

import io.lettuce.core.Range;
import io.lettuce.core.ScoredValue;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.api.sync.RedisCommands;
import io.posthaste.queue.record.Bytes;
import io.posthaste.redis.RedisKeys;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Looks at a whole shard at once and says what contradicts itself. I1: every living id has a body. I2: every living
 * job waits in exactly one place. I3: counts of leased jobs per lane are right. I4: a lane with waiting jobs is going
 * to be served.
 */
final class ShardAudit {
    private final RedisCommands<byte[], byte[]> redis;
    private final RedisKeys keys;
    final List<String> findings = new ArrayList<>();
    /** Living jobs by id: the places they are in. */
    final Map<String, Set<String>> placesById = new TreeMap<>();

    /** Ids with an inbox entry that is not taken in yet. */
    final Set<String> untaken = new HashSet<>();

    private final Map<String, String> laneOf = new HashMap<>();
    private final Map<String, String> idOf = new HashMap<>();
    private final Map<String, List<String>> places = new HashMap<>();
    /** Entries that wait for their turn. */
    private final Set<String> held = new HashSet<>();

    private ShardAudit(RedisCommands<byte[], byte[]> redis, RedisKeys keys) {
        this.redis = redis;
        this.keys = keys;
    }

    /** @param laneCap the default limit of leased jobs per lane */
    static ShardAudit of(RedisCommands<byte[], byte[]> redis, RedisKeys keys, int laneCap) {
        ShardAudit audit = new ShardAudit(redis, keys);
        audit.readBodies();
        audit.readPlaces();
        audit.checkIds();
        audit.checkLanes(laneCap);
        audit.checkLines();
        return audit;
    }

    /** The lane of a living entry. */
    String laneOf(String entry) {
        return laneOf.getOrDefault(entry, "?");
    }

    /** Whether it waits for its turn in a line. */
    boolean isHeld(String entry) {
        return held.contains(entry);
    }

    /** The id of a living entry. */
    String idOf(String entry) {
        return idOf.getOrDefault(entry, "?");
    }

    private void readBodies() {
        String cursor = string(redis.hget(key(keys.meta()), "cursor".getBytes(StandardCharsets.UTF_8)));
        for (StreamMessage<byte[], byte[]> entry : redis.xrange(key(keys.inbox()), Range.unbounded())) {
            Map<String, String> fields = new HashMap<>();
            entry.getBody().forEach((name, value) -> fields.put(string(name), string(value)));
            if (isAfter(entry.getId(), cursor)) {
                String id = fields.getOrDefault("id", "?");
                untaken.add(id);
                placesById.computeIfAbsent(id, none -> new HashSet<>()).add("inbox");
            } else {
                body(entry.getId(), fields.getOrDefault("id", "?"), fields.getOrDefault("action", "?"));
            }
        }
        redis.hgetall(key(keys.parked())).forEach((entry, text) -> parked(string(entry), ByteBuffer.wrap(text)));
    }

    private static boolean isAfter(String entry, String cursor) {
        if (cursor.isEmpty()) {
            return true;
        }
        long[] left = parts(entry);
        long[] right = parts(cursor);
        return left[0] != right[0] ? left[0] > right[0] : left[1] > right[1];
    }

    private static long[] parts(String entry) {
        String[] parts = entry.split("-");
        return new long[] {Long.parseLong(parts[0]), Long.parseLong(parts[1])};
    }

    private void parked(String entry, ByteBuffer text) {
        text.get();
        String id = string(Bytes.take(text, text.get()));
        body(entry, id, string(Bytes.take(text, text.get())));
    }

    private void body(String entry, String id, String lane) {
        if (idOf.put(entry, id) != null) {
            findings.add("two bodies of " + entry);
        }
        laneOf.put(entry, lane);
    }

    private void readPlaces() {
        for (byte[] due : redis.keys(keys.due("*"))) {
            String lane = string(due).substring(keys.due("").length());
            redis.zrangebyscore(due, Range.create(PassTime.HELD, PassTime.HELD))
                    .forEach(entry -> held.add(string(entry)));
            members(due, "due").forEach(entry -> {
                if (!lane.equals(laneOf.getOrDefault(entry, lane))) {
                    findings.add(entry + " waits in lane " + lane + " but belongs to " + laneOf.get(entry));
                }
            });
        }
        members(key(keys.leased()), "leased");
        members(key(keys.failed()), "failed");
        members(key(keys.drafts()), "drafted");
    }

    private List<String> members(byte[] key, String place) {
        List<String> entries =
                redis.zrange(key, 0, -1).stream().map(ShardAudit::string).toList();
        entries.forEach(entry ->
                places.computeIfAbsent(entry, none -> new ArrayList<>()).add(place));
        return entries;
    }

    private void checkIds() {
        Map<String, String> ids = new HashMap<>();
        redis.hgetall(key(keys.ids())).forEach((id, entry) -> ids.put(string(id), string(entry)));
        ids.forEach((id, entry) -> {
            if (!id.equals(idOf.get(entry))) {
                findings.add("I1: " + id + " has no body at " + entry);
            }
            Set<String> found = new HashSet<>(places.getOrDefault(entry, List.of()));
            placesById.put(id, found);
        });
        idOf.forEach((entry, id) -> {
            if (!entry.equals(ids.get(id))) {
                findings.add("I1: body " + entry + " of " + id + " belongs to no living id");
            }
            if (places.getOrDefault(entry, List.of()).size() != 1) {
                findings.add("I2: " + id + " is in " + places.getOrDefault(entry, List.of()));
            }
        });
        places.keySet().stream()
                .filter(entry -> !idOf.containsKey(entry))
                .forEach(entry -> findings.add("I2: " + entry + " in " + places.get(entry) + " has no body"));
        checkState();
    }

    private void checkState() {
        for (byte[] entry : redis.hkeys(key(keys.state()))) {
            if (!idOf.containsKey(string(entry))) {
                findings.add("state of " + string(entry) + " is left over");
            }
        }
        for (byte[] entry : redis.zrange(key(keys.parkedAt()), 0, -1)) {
            List<String> at = places.getOrDefault(string(entry), List.of());
            if (!at.contains("due") && !at.contains("leased")) {
                findings.add("parked-at of " + string(entry) + " is left over");
            }
        }
    }

    private void checkLanes(int laneCap) {
        Map<String, Long> leased = new TreeMap<>();
        Set<String> waiting = new HashSet<>();
        places.forEach((entry, at) -> {
            String lane = laneOf.getOrDefault(entry, "?");
            if (at.contains("leased")) {
                leased.merge(lane, 1L, Long::sum);
            }
            if (at.contains("due") && !held.contains(entry)) {
                waiting.add(lane);
            }
        });
        Map<String, Long> busy = new TreeMap<>();
        redis.hgetall(key(keys.busy())).forEach((lane, count) -> busy.put(string(lane), Long.parseLong(string(count))));
        if (!busy.equals(leased)) {
            findings.add("I3: counted " + busy + " but leased " + leased);
        }
        Set<String> indexed = new HashSet<>();
        redis.zrange(key(keys.ready()), 0, -1).forEach(lane -> indexed.add(string(lane)));
        redis.zrangeWithScores(key(keys.wake()), 0, -1)
                .forEach((ScoredValue<byte[]> lane) -> indexed.add(string(lane.getValue())));
        waiting.stream()
                .filter(lane -> !indexed.contains(lane) && busy.getOrDefault(lane, 0L) < laneCap)
                .forEach(lane -> findings.add("I4: lane " + lane + " has waiting jobs and nobody will look"));
    }

    private void checkLines() {
        Set<String> ordered = new HashSet<>();
        redis.hgetall(key(keys.ordered())).forEach((entry, at) -> ordered.add(string(entry)));
        Set<String> behind = new HashSet<>();
        Set<String> inLine = new HashSet<>();
        for (byte[] line : redis.keys(keys.line("*"))) {
            List<String> entries =
                    redis.zrange(line, 0, -1).stream().map(ShardAudit::string).toList();
            inLine.addAll(entries);
            behind.addAll(entries.subList(1, entries.size()));
        }
        if (!held.equals(behind)) {
            findings.add("I5: held are " + held + " but behind others " + behind);
        }
        if (!ordered.equals(inLine)) {
            findings.add("I5: " + ordered + " have an order, " + inLine + " are in lines");
        }
        ordered.stream()
                .filter(entry -> !idOf.containsKey(entry))
                .forEach(entry -> findings.add("I5: the ended " + entry + " is in a line"));
    }

    private static byte[] key(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    private static String string(byte[] text) {
        return text == null ? "" : new String(text, StandardCharsets.UTF_8);
    }
}
