package io.posthaste.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.job.AppliedUpdate;
import io.posthaste.job.Applying;
import io.posthaste.job.Attempt;
import io.posthaste.job.Lease;
import io.posthaste.job.Person;
import io.posthaste.queue.Settled;
import io.posthaste.store.StoreOutage;
import io.posthaste.testing.RawServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Deliveries whose answers set attributes on people of other shards. */
class RemotePeopleIT {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

    private final Elsewhere people = new Elsewhere();
    private final OnePath path = new OnePath(people);

    @AfterEach
    void close() {
        path.close();
    }

    /** Everybody is on another shard, whose marks are kept by entry. */
    private static final class Elsewhere implements RemotePeople {
        private final Map<String, AppliedUpdate> marks = new HashMap<>();
        private final List<String> set = new ArrayList<>();
        private boolean silent;
        private boolean tooLate;
        private boolean changedMeanwhile;

        @Override
        public boolean isRemote(Lease lease, String person) {
            return true;
        }

        @Override
        public Mono<Applying> apply(Lease lease, Person person, AppliedUpdate what) {
            if (changedMeanwhile) {
                changedMeanwhile = false;
                return Mono.just(new Applying.Outdated());
            }
            return Mono.fromSupplier(() -> {
                if (tooLate) {
                    return new Applying.TooLate();
                }
                return new Applying.Applied(marks.computeIfAbsent(lease.hold().entry(), entry -> {
                    set.add(person.id() + " " + new String(what.set(), StandardCharsets.UTF_8));
                    return what;
                }));
            });
        }

        @Override
        public Mono<AppliedUpdate> applied(Lease lease, String person) {
            return silent
                    ? Mono.error(new StoreOutage(new IllegalStateException("silent")))
                    : Mono.justOrEmpty(marks.get(lease.hold().entry()));
        }

        @Override
        public Mono<Void> forget(Lease lease, String person, boolean alone) {
            return Mono.fromRunnable(() -> {
                if (alone) {
                    marks.remove(lease.hold().entry());
                }
            });
        }
    }

    @Test
    void thePersonIsSetBeforeTheSettlementAndTheMarkGoesWithIt() throws IOException {
        try (RawServer receiver = RawServer.start(RawServer.always(OK))) {
            adds(receiver);

            assertThat(path.deliver(claim()).block()).isEqualTo(Settled.APPLIED);

            assertThat(people.set).containsExactly("ada {\"total\":\"1\"}");
            assertThat(people.marks).isEmpty();
            assertThat(path.queue.end("j1")).isEqualTo("sent");
        }
    }

    @Test
    void anUpdateIsMadeAnewWhenSomebodyChangedThePerson() throws IOException {
        people.changedMeanwhile = true;
        try (RawServer receiver = RawServer.start(RawServer.always(OK))) {
            adds(receiver);

            assertThat(path.deliver(claim()).block()).isEqualTo(Settled.APPLIED);

            assertThat(people.set).hasSize(1);
            assertThat(receiver.requestCount()).isEqualTo(1);
        }
    }

    @Test
    void whoeverComesAfterTheLeaseSetsNothingAndLeavesTheJobToOthers() throws IOException {
        people.tooLate = true;
        try (RawServer receiver = RawServer.start(RawServer.always(OK))) {
            adds(receiver);

            assertThat(path.deliver(claim()).block()).isEqualTo(Settled.IGNORED);

            assertThat(people.set).isEmpty();
            assertThat(path.queue.end("j1")).isNull();
        }
    }

    @Test
    void aMarkStaysWhereAnEarlierClaimMayStillCome() throws IOException {
        try (RawServer receiver = RawServer.start(RawServer.always(OK))) {
            adds(receiver);
            path.clock.set(claim().lease().hold().expiresAt());

            path.deliver(claim()).block();

            assertThat(path.queue.end("j1")).isEqualTo("sent");
            assertThat(people.marks).hasSize(1);
        }
    }

    @Test
    void whatAKilledGatewaySetIsSettledByTheNextAndNotSentAgain() throws IOException {
        try (RawServer receiver = RawServer.start(RawServer.always(OK))) {
            adds(receiver);
            killedAfterItSet(claim());

            assertThat(path.deliver(claim()).block()).isEqualTo(Settled.APPLIED);

            assertThat(receiver.requestCount()).isZero();
            assertThat(path.queue.end("j1")).isEqualTo("sent");
        }
    }

    @Test
    void whoeverCannotAskWhetherItWasSetWaitsInsteadOfSending() throws IOException {
        try (RawServer receiver = RawServer.start(RawServer.always(OK))) {
            adds(receiver);
            killedAfterItSet(claim());
            people.silent = true;

            assertThat(path.deliver(claim()).block()).isEqualTo(Settled.APPLIED);

            assertThat(receiver.requestCount()).isZero();
            assertThat(path.queue.end("j1")).isNull();
            people.silent = false;
            path.clock.set(path.clock.instant().plusSeconds(1));
            path.deliver(claim()).block();
            assertThat(path.queue.end("j1")).isEqualTo("sent");
            assertThat(receiver.requestCount()).isZero();
        }
    }

    @Test
    void aJobWhoseGatewayWasKilledBeforeItSetAnythingIsSentAgain() throws IOException {
        try (RawServer receiver = RawServer.start(RawServer.always(OK))) {
            adds(receiver);
            path.clock.set(claim().lease().hold().expiresAt());

            path.deliver(claim()).block();

            assertThat(receiver.requestCount()).isEqualTo(1);
            assertThat(people.set).hasSize(1);
        }
    }

    private void adds(RawServer receiver) {
        path.action("crm", receiver.url("/"), "response_attributes", "[{\"attribute\":\"total\",\"template\":\"1\"}]");
        path.enqueue("j1", "crm");
    }

    /** It had its answer and had set the person, and did not come to settle. */
    private void killedAfterItSet(Flight flight) {
        Lease lease = flight.lease();
        people.marks.put(
                lease.hold().entry(),
                new AppliedUpdate(
                        new Attempt(1, 1_000, 200, 5, "", ""), "{\"total\":1}".getBytes(StandardCharsets.UTF_8)));
        path.clock.set(lease.hold().expiresAt());
    }

    private Flight claim() {
        return Objects.requireNonNull(path.claim());
    }
}
