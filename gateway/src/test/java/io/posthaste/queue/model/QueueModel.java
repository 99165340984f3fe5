package io.posthaste.queue.model;

import io.posthaste.job.Lease;
import io.posthaste.job.Settlement;
import io.posthaste.queue.RedisShard;
import io.posthaste.testing.RedisServer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * Does random things to a shard through its scripts and knows what must come of it. Leases are long; time passes when
 * the model says so.
 */
final class QueueModel implements AutoCloseable {
    /** What waits for a person. */
    private static final Set<String> RESTING = Set.of("failed", "drafted");

    private final Shard shard;
    private final Memory memory;
    private final ToldEvents events = new ToldEvents(Shard.KEYS);

    private final ClaimSome claim;
    private final SettleSome settle;
    private final PassTime passTime;
    private final RedriveSome redrive;
    private final ResendSome resend;
    private final PauseOrResume pauseOrResume;
    private final Operate operate;
    private final List<Weighted> deeds;

    /** @param weight how often, of a hundred times */
    private record Weighted(int weight, Deed deed) {}

    /** @param mutate changes the text of a script; identity for the real ones */
    QueueModel(RedisServer server, long seed, UnaryOperator<String> mutate) {
        this.shard = new Shard(server, mutate);
        this.memory = new Memory(seed, id -> shard.entries().containsKey(id));
        shard.run("lane", Lines.BLOCKING, "limits", "", "", "", "", "block");
        this.claim = new ClaimSome(shard, memory);
        this.settle = new SettleSome(shard, memory);
        this.passTime = new PassTime(shard, memory);
        this.redrive = new RedriveSome(shard, memory);
        this.resend = new ResendSome(shard, memory);
        this.pauseOrResume = new PauseOrResume(shard, memory);
        this.operate = new Operate(shard, memory);
        this.deeds = List.of(
                new Weighted(23, new EnqueueSome(shard, memory)),
                new Weighted(23, claim),
                new Weighted(20, settle),
                new Weighted(7, new SettleLate(shard, memory)),
                new Weighted(6, passTime),
                new Weighted(3, new CancelSome(shard, memory)),
                new Weighted(4, redrive),
                new Weighted(2, resend),
                new Weighted(3, pauseOrResume),
                new Weighted(2, new Retime(shard, memory)),
                new Weighted(2, new Upkeep(shard)),
                new Weighted(5, operate));
    }

    /** Runs so many random deeds, auditing after each. */
    void run(int steps) {
        for (int i = 0; i < steps; i++) {
            memory.held
                    .keySet()
                    .forEach(id -> Check.that(memory.alive.containsKey(id), id + " is held though it ended"));
            someDeed().happen();
            audit();
        }
    }

    private Deed someDeed() {
        int dice =
                memory.random.nextInt(deeds.stream().mapToInt(Weighted::weight).sum());
        for (Weighted next : deeds) {
            dice -= next.weight();
            if (dice < 0) {
                return next.deed();
            }
        }
        throw new IllegalStateException("no deed");
    }

    /** {@code kill -9} and start: with a flush of every write to the file, nothing may differ. */
    void crash() {
        ShardDump before = shard.dump();
        shard.crash();
        shard.unchanged(before, "the restart");
        audit();
    }

    /** Everything that lives can be delivered. */
    void drain() {
        endOperations();
        pauseOrResume.resumeAll();
        boolean resent = false;
        for (int round = 0; round < 400 && !shard.entries().isEmpty(); round++) {
            for (Lease lease : List.copyOf(memory.held.values())) {
                settle.settle(List.of(new Settlement(lease, RedisShard.delivered(lease))));
            }
            passTime.happen();
            if (allRest()) {
                // Last, when nothing else keeps their lanes awake: what is not offered then is never served.
                if (!resent) {
                    resent = true;
                    resend.happen();
                    audit();
                }
                redrive.all("failed");
                audit();
                redrive.all("drafted");
                audit();
            }
            claim.happen();
            audit();
        }
        Check.that(memory.alive.isEmpty(), "never ended: " + memory.alive);
        nothingIsLeft();
    }

    /** Or wait behind those that do. */
    private boolean allRest() {
        ShardAudit now = shard.audit();
        Map<String, String> entries = shard.entries();
        return memory.alive.entrySet().stream()
                .allMatch(
                        job -> RESTING.contains(job.getValue()) || now.isHeld(entries.getOrDefault(job.getKey(), "")));
    }

    private void endOperations() {
        for (int i = 0; i < 1_000 && operate.anyRunning(); i++) {
            operate.step();
            audit();
        }
        Check.that(!operate.anyRunning(), "an operation never ends");
    }

    private void nothingIsLeft() {
        Check.that(shard.redis().xlen(Shard.KEYS.inbox()) == 0, "the inbox is not empty");
        long left = shard.redis()
                .exists(Shard.KEYS.parked(), Shard.KEYS.state(), Shard.KEYS.busy(), Shard.KEYS.cancelling());
        Check.that(left == 0, "left over");
    }

    void audit() {
        ShardAudit audit = shard.audit();
        none(audit.findings);
        none(memory.people.findings(shard.redis()));
        none(events.findings(shard.redis()));
        Set<String> inbox = Set.of("inbox");
        Set<String> known = new TreeSet<>(audit.placesById.keySet());
        known.stream().filter(id -> !inbox.equals(audit.placesById.get(id))).forEach(memory::revive);
        memory.repeated.retainAll(audit.untaken);
        // An entry not yet taken in may be a second one of a job that lives or lived.
        known.removeIf(id -> inbox.equals(audit.placesById.get(id)) && !memory.alive.containsKey(id));
        Check.that(known.equals(memory.alive.keySet()), "lives in Redis " + known + ", should " + memory.alive);
        audit.placesById.forEach((id, places) ->
                Check.that(memory.agrees(id, places), id + " is in " + places + " but " + memory.alive.get(id)));
    }

    private static void none(List<String> findings) {
        Check.that(findings.isEmpty(), String.join("; ", findings));
    }

    @Override
    public void close() {
        shard.close();
    }
}
