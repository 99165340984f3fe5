package io.posthaste.deliver;

import io.posthaste.job.AttributeUpdate;
import io.posthaste.job.Lease;
import io.posthaste.job.Person;
import io.posthaste.queue.Settled;
import io.posthaste.render.AttributeRenderer;
import io.posthaste.store.DamagedRecord;
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
 * together with the success; made anew when somebody else changed the person in between (M72, M73).
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
            PersonLookup people, AttributeRenderer renderer, Settling settling, Surroundings surroundings) {
        this.people = people;
        this.renderer = renderer;
        this.settling = settling;
        this.surroundings = surroundings;
    }

    /** Completes once Redis has answered. */
    Mono<Settled> settle(Course.Setting setting) {
        return Mono.fromCallable(() -> renderer.personOf(setting.flight().job()))
                .subscribeOn(surroundings.workers())
                .flatMap(person -> turns.inTurn(person, update(setting, person, 1)))
                .switchIfEmpty(Mono.defer(() -> updateAndSettle(setting, null)));
    }

    private Mono<Settled> update(Course.Setting setting, String person, int round) {
        return read(setting.flight().lease(), person)
                .flatMap(known -> updateAndSettle(setting, known))
                .onErrorResume(DamagedRecord.class, damaged -> settleWithout(setting, damaged))
                .flatMap(settled -> settled == Settled.OUTDATED ? again(setting, person, round) : Mono.just(settled));
    }

    /** An outage is waited out while the lease lasts; after that the job is somebody else's to send again. */
    private Mono<Person> read(Lease lease, String person) {
        return people.find(person)
                .retryWhen(Retry.backoff(Long.MAX_VALUE, FIRST_BACKOFF)
                        .maxBackoff(LONGEST_BACKOFF)
                        .scheduler(surroundings.timer())
                        .filter(outage -> mayPass(outage, lease)));
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
        return settle(setting, update);
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
