package io.posthaste.queue.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.posthaste.job.AppliedUpdate;
import io.posthaste.job.Applying;
import io.posthaste.job.AttributeUpdate;
import io.posthaste.job.Lease;
import io.posthaste.job.Outcome;
import io.posthaste.job.Person;
import io.posthaste.job.Settlement;
import io.posthaste.queue.RedisShard;
import io.posthaste.queue.Settled;
import io.posthaste.redis.RedisKeys;
import io.posthaste.store.person.ApplyScript;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a gateway does for a delivery whose answer adds to a person of another shard, a step at a time: ask whether an earlier
 * claim did it, read the person, set what follows with a mark, settle, forget the mark.
 */
final class FarWork {
    /** Beyond all leases and every run, seconds. */
    private static final long LONG = 3_600;

    private final Elsewhere all;
    private final Elsewhere.Side side;
    final Lease lease;
    private final RedisKeys home;
    private final String person;
    private Step next;
    private Person seen;
    private byte[] set = {};
    private boolean alone;

    private enum Step {
        LOOK,
        READ,
        APPLY,
        SETTLE,
        FORGET
    }

    FarWork(Elsewhere all, Elsewhere.Side side, Lease lease) {
        this.all = all;
        this.side = side;
        this.lease = lease;
        this.person = all.personOf(lease);
        this.home = all.shards.at(person);
        this.seen = Person.unknown(person);
        this.next = lease.past().reclaims() > 0 ? Step.LOOK : Step.READ;
    }

    /** False when nothing is left to do. */
    boolean step() {
        return switch (next) {
            case LOOK -> then(look());
            case READ -> then(read());
            case APPLY -> apply();
            case SETTLE -> settle();
            case FORGET -> forget();
        };
    }

    private boolean then(Step step) {
        next = step;
        return true;
    }

    private Step look() {
        byte[] mark = all.redis.bytes().sync().get(ApplyScript.mark(home, lease).getBytes(UTF_8));
        String must = all.marks.get(Elsewhere.delivery(lease));
        Check.that((mark == null) == (must == null), this + ": what is remembered is " + must);
        if (mark == null) {
            return Step.READ;
        }
        remembered(ApplyScript.decode(mark));
        return Step.SETTLE;
    }

    private Step read() {
        seen = all.read(person);
        return Step.APPLY;
    }

    private boolean apply() {
        Person before = all.read(person);
        byte[] wish = Elsewhere.json(Elsewhere.count(seen) + 1).getBytes(UTF_8);
        Applying applying = all.apply.run(
                all.redis.bytes(),
                home,
                leaseForRedis(),
                new Person(person, seen.version(), wish),
                new AppliedUpdate(Elsewhere.ATTEMPT, wish));
        Person after = all.read(person);
        boolean changed = before.version() != after.version();
        if (changed) {
            Check.that(!isOver(), this + " changed " + person + " though its lease is over");
            all.added(lease, before, after, new String(wish, UTF_8));
        }
        return applied(applying, changed, before);
    }

    private boolean applied(Applying applying, boolean changed, Person before) {
        @Nullable String known = all.marks.get(Elsewhere.delivery(lease));
        if (applying instanceof Applying.Applied applied) {
            remembered(applied.what());
            // Some replies do not arrive, and then it is asked for again.
            return then(all.random.nextInt(6) == 0 ? Step.APPLY : Step.SETTLE);
        }
        Check.that(!changed && known == null, this + " is " + applying + " though " + known + " is set");
        if (applying instanceof Applying.TooLate) {
            Check.that(isOver(), this + " is too late though its lease lasts");
            return false;
        }
        Check.that(before.version() != seen.version(), this + " is outdated though nobody changed " + person);
        return then(Step.READ);
    }

    private void remembered(AppliedUpdate what) {
        set = what.set();
        String says = new String(set, UTF_8);
        String must = all.marks.get(Elsewhere.delivery(lease));
        Check.that(says.equals(must), this + " set " + says + ", not " + must);
    }

    private boolean settle() {
        Memory memory = side.memory();
        String id = lease.job().id();
        boolean isHolder =
                memory.held.containsKey(id) && memory.held.get(id).hold().equals(lease.hold());
        boolean lives = lease.hold().entry().equals(side.shard().entries().get(id)) && memory.alive.containsKey(id);
        Settlement settlement = new Settlement(lease, outcome());
        Settled settled = side.shard().settle(List.of(settlement)).getFirst();
        Settled must = lives ? Settled.APPLIED : Settled.IGNORED;
        Check.that(settled == must, this + " was " + settled + ", not " + must);
        if (!lives) {
            return false;
        }
        all.told(lease);
        alone = lease.past().reclaims() == 0 && !isOver();
        if (isHolder) {
            memory.applied(settlement);
        } else {
            memory.endLate(settlement);
        }
        return then(Step.FORGET);
    }

    private Outcome outcome() {
        return RedisShard.delivered(lease).with(new AttributeUpdate.Change(null, set));
    }

    private boolean forget() {
        String mark = ApplyScript.mark(home, lease);
        if (alone) {
            all.redis.texts().del(mark);
            all.marks.remove(Elsewhere.delivery(lease));
        } else {
            all.redis.texts().expire(mark, LONG);
        }
        return false;
    }

    private boolean isOver() {
        return side.memory().isOver(lease);
    }

    /** Time passes when the model says so: the lease ends long ago, or in a long time. */
    private Lease leaseForRedis() {
        Lease.Hold hold = lease.hold();
        long end = isOver() ? 1 : hold.token() + LONG * 1_000_000;
        return new Lease(
                lease.job(),
                new Lease.Hold(hold.shard(), hold.entry(), end, Instant.EPOCH),
                lease.past(),
                lease.frozen(),
                lease.resent(),
                lease.kept());
    }

    @Override
    public String toString() {
        return lease.job().id() + " at " + Elsewhere.delivery(lease);
    }
}
