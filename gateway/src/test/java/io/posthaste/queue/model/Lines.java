package io.posthaste.queue.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Who is before whom. */
final class Lines {
    /** The lane of which a failed job holds up those behind it. */
    static final String BLOCKING = Shard.LANES.getFirst();

    private final Predicate<String> isTakenIn;
    private final Map<String, String> lineOf = new TreeMap<>();
    private final Map<String, List<String>> lines = new TreeMap<>();

    Lines(Predicate<String> isTakenIn) {
        this.isTakenIn = isTakenIn;
    }

    /** @param line the lane and the key, with a colon between */
    void enter(String id, String line) {
        lineOf.put(id, line);
        lines.computeIfAbsent(line, none -> new ArrayList<>()).add(id);
    }

    /** It is sent again: where it was, or behind all others. */
    void enterAgain(String id) {
        String line = lineOf.get(id);
        if (line != null && !waiting(line).contains(id)) {
            List<String> waiting = lines.computeIfAbsent(line, none -> new ArrayList<>());
            // Those that are still in the inbox come after it.
            long known = waiting.stream().takeWhile(isTakenIn).count();
            waiting.add((int) known, id);
        }
    }

    void end(String id) {
        leave(id);
        lineOf.remove(id);
    }

    void fail(String id) {
        String line = lineOf.get(id);
        if (line != null && !line.startsWith(BLOCKING + ":")) {
            leave(id);
        }
    }

    void isTurnOf(String id) {
        String line = lineOf.get(id);
        if (line != null) {
            List<String> waiting = waiting(line);
            Check.that(waiting.indexOf(id) == 0, id + " was leased though the turn is of " + waiting);
        }
    }

    private void leave(String id) {
        String line = lineOf.get(id);
        if (line != null) {
            waiting(line).remove(id);
        }
    }

    private List<String> waiting(String line) {
        return lines.getOrDefault(line, new ArrayList<>());
    }
}
