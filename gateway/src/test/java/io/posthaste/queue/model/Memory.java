package io.posthaste.queue.model;

import io.posthaste.job.Lease;
import io.posthaste.job.Outcome;
import io.posthaste.job.Settlement;
import io.posthaste.redis.RedisKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** What must be true of the shard by now. */
final class Memory {
    final Random random;
    final CountedPeople people;
    final Lines lines;
    final Elsewhere elsewhere;

    /** State by id: living, drafted, failed; ended ids are absent. */
    final Map<String, String> alive = new TreeMap<>();

    /** Ids enqueued once more while alive: should the first end before the second is taken in, the second is a new job. */
    final Set<String> repeated = new HashSet<>();

    /** Leases in the hands of workers, by id; and those that ran out, whose workers may still report. */
    final Map<String, Lease> held = new LinkedHashMap<>();

    final List<Lease> lost = new ArrayList<>();

    final Set<String> paused = new TreeSet<>();

    /** Recorded attempts by id, since it was enqueued or redriven. */
    final Map<String, Integer> attempts = new TreeMap<>();

    /** Why an id failed, as far as its failure said so. */
    final Map<String, String> reasons = new TreeMap<>();

    /** Ids that were cancelled in flight. */
    final Set<String> cancelling = new HashSet<>();

    /** How long attempts of a lane take; a lane that was never told is absent. */
    final Map<String, Duration> attemptOf = new TreeMap<>();

    /** Leases that ran out, by entry and token. */
    private final Set<String> over = new HashSet<>();

    /** All that were ever enqueued. */
    private final List<String> ids = new ArrayList<>();

    private final List<String> orders;
    private final Predicate<String> isHome;
    private int nextId;

    /**
     * @param isHome whether what has this id, or a line of this key, belongs to the shard
     * @param isTakenIn whether a job of this id is not only in the inbox
     */
    Memory(long seed, RedisKeys keys, Predicate<String> isHome, Predicate<String> isTakenIn, Elsewhere elsewhere) {
        this.lines = new Lines(isTakenIn);
        this.random = new Random(seed);
        this.people = new CountedPeople(keys, new Random(seed));
        this.elsewhere = elsewhere;
        this.isHome = isHome;
        this.orders = IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> "k" + i)
                .filter(isHome)
                .limit(2)
                .toList();
    }

    String newId() {
        String id;
        do {
            id = "j" + nextId++;
        } while (!isHome.test(id));
        ids.add(id);
        return id;
    }

    boolean anyId() {
        return !ids.isEmpty();
    }

    String someId() {
        return ids.get(random.nextInt(ids.size()));
    }

    String someOrder() {
        return orders.get(random.nextInt(orders.size()));
    }

    /** Its time is up. */
    void runOut(Lease lease) {
        over.add(lease.hold().entry() + "@" + lease.hold().token());
        lost.add(lease);
        held.remove(lease.job().id());
    }

    boolean isOver(Lease lease) {
        return over.contains(lease.hold().entry() + "@" + lease.hold().token());
    }

    String someLane() {
        return Shard.LANES.get(random.nextInt(Shard.LANES.size()));
    }

    <T> List<T> some(Collection<T> from, int most) {
        List<T> all = new ArrayList<>(from);
        Collections.shuffle(all, random);
        return List.copyOf(all.subList(0, Math.min(all.size(), 1 + random.nextInt(most))));
    }

    List<String> idsThatAre(String state) {
        return alive.keySet().stream().filter(id -> state.equals(alive.get(id))).toList();
    }

    /** The second entry of an id whose first has ended is a job of its own. */
    void revive(String id) {
        if (!alive.containsKey(id) && repeated.remove(id)) {
            alive.put(id, "living");
        }
    }

    void startAnew(String id) {
        alive.put(id, "living");
        attempts.remove(id);
        lines.enterAgain(id);
    }

    void end(String id) {
        attempts.remove(id);
        alive.remove(id);
        lines.end(id);
    }

    void fail(String id) {
        alive.put(id, "failed");
        lines.fail(id);
    }

    void applied(Settlement settlement) {
        people.applied(settlement.outcome());
        String id = settlement.lease().job().id();
        held.remove(id);
        if (settlement.outcome() instanceof Outcome.Retry || settlement.outcome() instanceof Outcome.Failed) {
            attempts.merge(id, 1, Integer::sum);
        }
        if (settlement.outcome() instanceof Outcome.Failed failed) {
            reasons.put(id, failed.reason());
        }
        String to = stateAfter(settlement.outcome());
        boolean cancelled = cancelling.remove(id) && (to.equals("living") || to.equals("drafted"));
        if (cancelled || to.equals("ended")) {
            end(id);
        } else if (to.equals("failed")) {
            fail(id);
        } else {
            alive.put(id, to);
        }
    }

    /** A success that came after the end of its lease. */
    void endLate(Settlement settlement) {
        String id = settlement.lease().job().id();
        people.applied(settlement.outcome());
        held.remove(id);
        cancelling.remove(id);
        end(id);
    }

    private static String stateAfter(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Delivered done -> "ended";
            case Outcome.Retry again -> "living";
            case Outcome.Released again -> "living";
            case Outcome.Failed failed -> "failed";
            case Outcome.Drafted draft -> "drafted";
            case Outcome.Aborted aborted -> "ended";
            case Outcome.Skipped skipped -> "ended";
            case Outcome.Cancelled cancelled -> "ended";
        };
    }

    /** Whether an id may be in these places. */
    boolean agrees(String id, Set<String> places) {
        String place = places.iterator().next();
        return switch (place) {
            case "leased" -> "living".equals(alive.get(id));
            case "failed" -> "failed".equals(alive.get(id));
            case "drafted" -> "drafted".equals(alive.get(id));
            default -> places.contains("inbox") || ("living".equals(alive.get(id)) && !held.containsKey(id));
        };
    }
}
