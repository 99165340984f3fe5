package io.posthaste.queue.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.posthaste.job.Attempt;
import io.posthaste.job.Lease;
import io.posthaste.job.Person;
import io.posthaste.redis.Shards;
import io.posthaste.store.person.ApplyScript;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * People on other shards than their deliveries, each of which adds 1 to one of them. Workers go step by step, and between
 * two steps anything may happen: to the shards, by other workers, by the end of their lease, or their own. Each delivery
 * adds once at most, and what tells of it tells what was set.
 */
final class Elsewhere {
    /** Of the ids of those people. */
    static final String PREFIX = "far";

    private static final List<String> PEOPLE =
            IntStream.range(0, 12).mapToObj(i -> PREFIX + i).toList();
    static final Attempt ATTEMPT = new Attempt(1, 3_000, 200, 12, "", "");

    final ModelRedis redis;
    final Shards shards;
    final Random random;
    final ApplyScript apply;
    final List<Side> sides = new ArrayList<>();
    private final List<FarWork> works = new ArrayList<>();

    /** Deliveries that added, whatever became of them. */
    private final Set<String> added = new TreeSet<>();
    /** Deliveries of which was told. */
    private final Set<String> told = new TreeSet<>();
    /** What the marks say that must be there, by delivery. */
    final Map<String, String> marks = new TreeMap<>();

    private final Map<String, Long> expected = new TreeMap<>();

    /** A shard that deliveries are on. */
    record Side(Shard shard, Memory memory) {}

    Elsewhere(ModelRedis redis, Shards shards, Random random, UnaryOperator<String> mutate) {
        this.redis = redis;
        this.shards = shards;
        this.random = random;
        this.apply = new ApplyScript(mutate.apply(ScriptText.of("store/apply")));
    }

    void add(Shard shard, Memory memory) {
        sides.add(new Side(shard, memory));
    }

    /** Whether the delivery's person is on another shard: half of them; none that is sent once more sets anything. */
    boolean isOf(Lease lease) {
        return shards.count() > 1 && !lease.resent() && lease.hold().entry().hashCode() % 2 == 0;
    }

    /** Whether nothing else may come of the lease: its answer is there already, or that of an earlier one. */
    boolean isUnderWay(Lease lease) {
        return isOf(lease)
                && (marks.containsKey(delivery(lease))
                        || works.stream().anyMatch(work -> work.lease.hold().equals(lease.hold())));
    }

    /** A worker begins, goes a step, or is killed. */
    void happen() {
        if (works.isEmpty() || random.nextInt(4) == 0) {
            start();
        } else {
            FarWork work = works.get(random.nextInt(works.size()));
            if (random.nextInt(12) == 0 || !work.step()) {
                works.remove(work);
            }
        }
    }

    private void start() {
        Side side = sides.get(random.nextInt(sides.size()));
        // Those whose lease is over may have had their answer before, and come late.
        List<Lease> leases = new ArrayList<>(side.memory.held.values());
        leases.addAll(side.memory.lost);
        List<Lease> free = leases.stream()
                .filter(this::isOf)
                .filter(lease -> works.stream().noneMatch(work -> work.lease.equals(lease)))
                .toList();
        if (!free.isEmpty()) {
            works.add(new FarWork(this, side, free.get(random.nextInt(free.size()))));
        }
    }

    void endAll() {
        for (FarWork work : List.copyOf(works)) {
            end(work);
        }
        works.clear();
    }

    /** Takes a delivery from its lease to its end. */
    void workOff(Side side, Lease lease) {
        end(new FarWork(this, side, lease));
    }

    private static void end(FarWork work) {
        boolean more = true;
        for (int i = 0; more; i++) {
            Check.that(i < 100, work + " never ends");
            more = work.step();
        }
    }

    /** Whom a delivery adds to. */
    String personOf(Lease lease) {
        List<String> others = PEOPLE.stream()
                .filter(id -> !shards.at(id).tag().equals(lease.hold().shard()))
                .toList();
        return others.get(Math.floorMod(lease.hold().entry().hashCode() / 2, others.size()));
    }

    Person read(String id) {
        List<String> values = redis.texts().hmget(shards.at(id).person(id), "version", "attributes").stream()
                .map(value -> value.getValueOrElse(""))
                .toList();
        return values.get(0).isEmpty()
                ? Person.unknown(id)
                : new Person(id, Long.parseLong(values.get(0)), values.get(1).getBytes(UTF_8));
    }

    /** The person was changed for this delivery. */
    void added(Lease lease, Person before, Person after, String set) {
        Check.that(added.add(delivery(lease)), delivery(lease) + " added for the second time");
        Check.that(after.version() > before.version(), after + " follows on " + before);
        marks.put(delivery(lease), set);
        expected.merge(after.id(), 1L, Long::sum);
    }

    /** The delivery is settled and said to have set this. */
    void told(Lease lease) {
        Check.that(added.contains(delivery(lease)), delivery(lease) + " was told of before it was set");
        Check.that(told.add(delivery(lease)), delivery(lease) + " was told of for the second time");
    }

    /** Everyone has what they must have. */
    void audit() {
        for (String id : PEOPLE) {
            String must = json(expected.getOrDefault(id, 0L));
            String is = new String(read(id).attributes(), UTF_8);
            Check.that(is.equals(must), id + " is " + is + ", not " + must);
        }
    }

    static String json(long count) {
        return count == 0 ? "{}" : "{\"n\":" + count + "}";
    }

    static long count(Person person) {
        return CountedPeople.count(person);
    }

    static String delivery(Lease lease) {
        return lease.hold().shard() + ":" + lease.hold().entry();
    }
}
