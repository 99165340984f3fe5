package io.posthaste.queue.model;

import io.posthaste.job.Lease;
import io.posthaste.job.Settlement;
import io.posthaste.queue.RedisShard;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Does random things to a shard through its scripts and knows what must come of it. Leases are long; time passes when
 * the model says so.
 */
final class QueueModel {
    /** What waits for a person. */
    private static final Set<String> RESTING = Set.of("failed", "drafted");

    private final Shard shard;
    private final Memory memory;
    private final ToldEvents events;

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

    QueueModel(Shard shard, Memory memory) {
        this.shard = shard;
        this.memory = memory;
        this.events = new ToldEvents(shard.keys);
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

    /** Something happens, and all is right. */
    void step() {
        memory.held.keySet().forEach(id -> Check.that(memory.alive.containsKey(id), id + " is held though it ended"));
        someDeed().happen();
        audit();
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

    ShardDump dump() {
        return shard.dump();
    }

    void isAsBefore(ShardDump before) {
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
                if (memory.elsewhere.isOf(lease)) {
                    memory.elsewhere.workOff(new Elsewhere.Side(shard, memory), lease);
                } else {
                    settle.settle(List.of(new Settlement(lease, RedisShard.delivered(lease))));
                }
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
        Check.that(shard.redis().xlen(shard.keys.inbox()) == 0, "the inbox is not empty");
        long left = shard.redis()
                .exists(shard.keys.parked(), shard.keys.state(), shard.keys.busy(), shard.keys.cancelling());
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
}
