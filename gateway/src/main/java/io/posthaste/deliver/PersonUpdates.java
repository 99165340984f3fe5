package io.posthaste.deliver;

import io.posthaste.job.AppliedUpdate;
import io.posthaste.job.Applying;
import io.posthaste.job.AttributeUpdate;
import io.posthaste.job.Lease;
import io.posthaste.job.Outcome;
import io.posthaste.job.Person;
import io.posthaste.queue.Settled;
import io.posthaste.render.AttributeRenderer;
import io.posthaste.store.DamagedRecord;
import io.posthaste.store.StoreOutage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/**
 * The end of a turn whose answer sets attributes: the person is read as they are now, the update rendered, and settled
 * together with the success, or just before it where the person is on another shard; made anew when somebody else changed
 * the person in between (M72, M73).
 */
public final class PersonUpdates {
    /** What must be left of the lease for making an update anew; with less, the success is settled without one. */
    private static final Duration MARGIN = Duration.ofSeconds(2);

    private static final Duration FIRST_BACKOFF = Duration.ofMillis(20);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(1);

    /** The pause before an update is made anew is a random part of this, more each time: others want this person, too. */
    private static final int PAUSE_MILLIS = 5;

    private static final int LONGEST_PAUSE_MILLIS = 250;

    private final PersonLookup people;
    private final AttributeRenderer renderer;
    private final RemotePeople remote;
    private final Settling settling;
    private final Surroundings surroundings;
    private final Turns turns = new Turns();

    /**
     * @param workers where updates are rendered: neither Redis' nor the receivers' threads may
     * @param timer where pauses are timed
     * @param random spreads them
     */
    public record Surroundings(Scheduler workers, Scheduler timer, InstantSource clock, RandomGenerator random) {}

    public PersonUpdates(
            PersonLookup people,
            RemotePeople remote,
            AttributeRenderer renderer,
            Settling settling,
            Surroundings surroundings) {
        this.people = people;
        this.remote = remote;
        this.renderer = renderer;
        this.settling = settling;
        this.surroundings = surroundings;
    }

    /** Completes once Redis has answered. */
    Mono<Settled> settle(Course.Setting setting) {
        return remote.during(
                Mono.fromCallable(() -> renderer.personOf(setting.flight().job()))
                        .subscribeOn(surroundings.workers())
                        .flatMap(person -> turns.inTurn(person, update(setting, person, 1)))
                        .switchIfEmpty(Mono.defer(() -> updateAndSettle(setting, null))));
    }

    private Mono<Settled> update(Course.Setting setting, String person, int round) {
        return read(setting.flight().lease(), person)
                .flatMap(known -> updateAndSettle(setting, known))
                .onErrorResume(DamagedRecord.class, damaged -> settleWithout(setting, damaged))
                .flatMap(settled -> settled == Settled.OUTDATED ? again(setting, person, round) : Mono.just(settled));
    }

    /** An outage is waited out while the lease lasts; after that the job is somebody else's to send again. */
    private Mono<Person> read(Lease lease, String person) {
        return people.find(person).retryWhen(whileLeased(lease));
    }

    private Retry whileLeased(Lease lease) {
        return Retry.backoff(Long.MAX_VALUE, FIRST_BACKOFF)
                .maxBackoff(LONGEST_BACKOFF)
                .scheduler(surroundings.timer())
                .filter(outage -> mayPass(outage, lease));
    }

    /** A record that cannot be read stays so, however often it is read. */
    private boolean mayPass(Throwable outage, Lease lease) {
        return !(outage instanceof DamagedRecord)
                && surroundings.clock().instant().isBefore(lease.hold().expiresAt());
    }

    private Mono<Settled> settleWithout(Course.Setting setting, DamagedRecord damaged) {
        return settle(setting, new AttributeUpdate.Failed(String.valueOf(damaged.getMessage())));
    }

    private Mono<Settled> updateAndSettle(Course.Setting setting, @Nullable Person person) {
        AttributeUpdate update =
                renderer.render(setting.rendered().action(), setting.flight().job(), person, setting.reply());
        return update instanceof AttributeUpdate.Change change
                        && change.person() != null
                        && remote.isRemote(
                                setting.flight().lease(), change.person().id())
                ? applyAndSettle(setting, change.person(), change.set())
                : settle(setting, update);
    }

    /**
     * The person first, then the settlement, which only tells of it: whoever is killed in between leaves a mark, and who
     * has the job next settles instead of sending. A shard that does not answer leaves the lease to run out, because
     * nobody knows then. So does whoever comes too late: who has the job next sets its own.
     */
    private Mono<Settled> applyAndSettle(Course.Setting setting, Person person, byte[] set) {
        Lease lease = setting.flight().lease();
        return remote.apply(lease, person, new AppliedUpdate(setting.outcome().attempt(), set))
                .retryWhen(whileLeased(lease))
                .flatMap(applying -> switch (applying) {
                    case Applying.Applied applied -> settleApplied(setting, person.id(), applied.what());
                    case Applying.Outdated outdated -> Mono.just(Settled.OUTDATED);
                    case Applying.TooLate late -> Mono.just(settling.lost(lease));
                });
    }

    private Mono<Settled> settleApplied(Course.Setting setting, String person, AppliedUpdate applied) {
        return settle(setting, new AttributeUpdate.Change(null, applied.set()))
                .delayUntil(settled ->
                        settled == Settled.APPLIED ? forget(setting.flight().lease(), person) : Mono.empty());
    }

    /** What is not forgotten now is when it is old. */
    private Mono<Void> forget(Lease lease, String person) {
        return remote.forget(lease, person, isAlone(lease)).onErrorComplete();
    }

    /** No claim came before this one that was not settled, and none can have come since. */
    private boolean isAlone(Lease lease) {
        return lease.past().reclaims() == 0
                && surroundings.clock().instant().isBefore(lease.hold().expiresAt());
    }

    /** Whether an earlier claim of this job may have set attributes and not come to settle it. */
    boolean isInDoubt(Course.Signed signed) {
        return signed.flight().lease().past().reclaims() > 0
                && !signed.rendered().action().responseAttributes().isEmpty();
    }

    /** The success that an earlier claim came to before it was cut off; empty when there was none. */
    Mono<Course.Ended> success(Course.Signed signed) {
        Course.Rendered rendered = signed.rendered();
        Lease lease = signed.flight().lease();
        return Mono.fromCallable(() -> renderer.personOf(signed.flight().job()))
                .subscribeOn(surroundings.workers())
                .flatMap(person -> remote.applied(lease, person))
                .map(applied -> new Outcome.Delivered(
                                applied.attempt(),
                                rendered.request(),
                                rendered.action().allowConversions())
                        .with(new AttributeUpdate.Change(null, applied.set())))
                .map(outcome -> new Course.Ended(signed.flight(), outcome, rendered.request()))
                .onErrorResume(StoreOutage.class, outage -> Mono.just(Course.Ended.later(signed.flight())))
                .publishOn(surroundings.workers());
    }

    private Mono<Settled> settle(Course.Setting setting, AttributeUpdate update) {
        return settling.settle(
                setting.flight().lease(),
                setting.outcome().with(update),
                setting.rendered().request());
    }

    private Mono<Settled> again(Course.Setting setting, String person, int round) {
        Instant tooLate = setting.flight().lease().hold().expiresAt().minus(MARGIN);
        if (surroundings.clock().instant().isAfter(tooLate)) {
            // Sent is sent: a second request would do more harm than attributes that are not set.
            AttributeUpdate failed = new AttributeUpdate.Failed("others changed the person all the time");
            return settle(setting, failed);
        }
        int pause = surroundings.random().nextInt(Math.min(LONGEST_PAUSE_MILLIS, PAUSE_MILLIS * round) + 1);
        return Mono.delay(Duration.ofMillis(pause), surroundings.timer())
                .flatMap(tick -> update(setting, person, round + 1));
    }
}
