package io.posthaste.deliver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthaste.job.Lease;
import io.posthaste.queue.Settled;
import io.posthaste.testing.RawServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeliveryPipelineIT {
    private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
    private static final String BUSY = "HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n";
    private static final String RETRIES = "{\"timeout_ms\":4000,\"delays_ms\":[1000,60000],\"statuses\":[\"5xx\"]}";

    @AutoClose
    private final OnePath path = new OnePath();

    @Test
    void aJobIsSentAndOver() {
        try (RawServer receiver = RawServer.start(RawServer.always(OK))) {
            path.action("crm", receiver.url("/"));
            path.enqueue("j1", "crm");

            assertThat(path.deliverDue()).isEqualTo(1);

            assertThat(path.queue.end("j1")).isEqualTo("sent");
            assertThat(receiver.takeRequest()).contains("X-CIO-Signature").endsWith("1");
            assertThat(path.slots.taken()).isZero();
            assertThat(path.hosts.hosts()).isZero();
        }
    }

    @Test
    void aRetryCarriesTheSameBytesWhenItIsDueAndNotBefore() {
        try (RawServer receiver = RawServer.start(RawServer.inTurn(BUSY, OK))) {
            path.action("crm", receiver.url("/"), "retry", RETRIES);
            path.enqueue("j1", "crm");
            path.deliverDue();
            path.action(
                    "crm", receiver.url("/"), "retry", RETRIES, "headers", "[{\"name\":\"X-New\",\"value\":\"1\"}]");

            path.clock.advance(Duration.ofMillis(999));
            assertThat(path.deliverDue()).isZero();
            path.clock.advance(Duration.ofMillis(1));
            assertThat(path.deliverDue()).isEqualTo(1);

            receiver.takeRequest();
            assertThat(receiver.takeRequest()).endsWith("1").doesNotContain("X-New");
            assertThat(path.queue.end("j1")).isEqualTo("sent");
        }
    }

    @Test
    void aJobWhoseRetriesAreUsedUpHasFailed() {
        try (RawServer receiver = RawServer.start(RawServer.always(BUSY))) {
            path.action("crm", receiver.url("/"), "retry", RETRIES);
            path.enqueue("j1", "crm");

            path.deliverDue();
            path.clock.advance(Duration.ofSeconds(1));
            path.deliverDue();
            assertThat(path.queue.end("j1")).isNull();
            path.clock.advance(Duration.ofMinutes(1));
            path.deliverDue();

            assertThat(path.queue.end("j1")).isEqualTo("failed: HTTP 503 (retries exhausted)");
            assertThat(receiver.requestCount()).isEqualTo(3);
        }
    }

    @Test
    void whatCannotBeSentEndsWithoutARequest() {
        try (RawServer receiver = RawServer.start(RawServer.always(OK))) {
            path.action("off", receiver.url("/"), "sending", "\"off\"");
            path.action("draft", receiver.url("/"), "sending", "\"draft\"");
            path.action("broken", receiver.url("/{{ missing }}"));
            path.action("elsewhere", "ftp://127.0.0.1/");
            List.of("off", "draft", "broken", "elsewhere", "unknown").forEach(name -> path.enqueue(name, name));

            path.deliverDue();

            assertThat(path.queue.end("off")).isEqualTo("skipped");
            assertThat(path.queue.end("draft")).isEqualTo("drafted");
            assertThat(path.queue.end("broken")).startsWith("failed: ").contains("missing");
            assertThat(path.queue.end("elsewhere")).startsWith("failed: invalid URL");
            assertThat(path.queue.end("unknown")).isEqualTo("failed: unknown action");
            assertThat(receiver.requestCount()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aLeaseThatIsTooShortForItsAttemptIsGivenBackEvenWhereItsLaneCannotBeTold(boolean outage) {
        if (outage) {
            path.queue.hearsOfNoLengths();
        }
        try (RawServer receiver = RawServer.start(RawServer.always(OK))) {
            path.action("crm", receiver.url("/"));
            path.enqueue("j1", "crm");
            Flight flight = Objects.requireNonNull(path.claim());
            path.clock.set(flight.lease().hold().expiresAt().minusSeconds(5));

            path.deliver(flight).block();

            assertThat(receiver.requestCount()).isZero();
            Lease again = Objects.requireNonNull(path.claim()).lease();
            assertThat(again.past().attempts()).isZero();
        }
    }

    @Test
    void aHostWithoutAPlaceCostsNeitherARenderingNorAnAttempt() {
        RawServer.Script hangs = connection -> {
            connection.readRequest();
            connection.awaitEnd();
        };
        try (RawServer receiver = RawServer.start(hangs)) {
            path.action("crm", receiver.url("/"));
            List<Flight> flights = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                path.enqueue("j" + i, "crm");
                flights.add(Objects.requireNonNull(path.claim()));
            }
            flights.subList(0, 4).forEach(flight -> path.deliver(flight).subscribe());
            receiver.takeRequest();

            path.deliver(flights.getLast()).block();

            assertThat(receiver.requestCount()).isEqualTo(1);
            path.clock.advance(Duration.ofSeconds(2));
            assertThat(Objects.requireNonNull(path.claim()).lease().past().attempts())
                    .isZero();
        }
    }

    @Test
    void aStoppingGatewayGivesBackWhatIsNotSent() {
        try (RawServer receiver = RawServer.start(RawServer.always(OK))) {
            path.action("crm", receiver.url("/"));
            path.enqueue("j1", "crm");
            Flight flight = Objects.requireNonNull(path.claim());
            path.pipeline.stopSending();

            assertThat(path.deliver(flight).block()).isEqualTo(Settled.APPLIED);

            assertThat(receiver.requestCount()).isZero();
            assertThat(path.claim()).isNotNull();
        }
    }

    @Test
    void aJobWhoseActionRedisDoesNotAnswerForIsGivenBackUntilItDoes() throws IOException {
        try (RawServer receiver = RawServer.start(RawServer.always(OK))) {
            path.enqueue("j1", "crm");
            path.redisAnswers = false;

            assertThat(path.deliver(Objects.requireNonNull(path.claim())).block())
                    .isEqualTo(Settled.APPLIED);

            assertThat(path.claim()).isNull();
            path.action("crm", receiver.url("/"));
            path.clock.set(path.clock.instant().plusSeconds(1));
            Flight again = Objects.requireNonNull(path.claim());
            assertThat(again.lease().past()).isEqualTo(Lease.Past.NONE);
            path.deliver(again).block();
            assertThat(receiver.requestCount()).isEqualTo(1);
        }
    }

    @Test
    void aBugSettlesNothingAndTakesNeitherSlotNorPlace() {
        try (RawServer receiver = RawServer.start(RawServer.always(OK));
                OnePath buggy = new OnePath(() -> {
                    throw new IllegalStateException("no key");
                })) {
            buggy.action("crm", receiver.url("/"));
            buggy.enqueue("j1", "crm");
            Flight flight = Objects.requireNonNull(buggy.claim());

            assertThatThrownBy(() -> buggy.deliver(flight).block()).hasMessage("no key");

            assertThat(buggy.queue.end("j1")).isNull();
            assertThat(buggy.slots.taken()).isZero();
            assertThat(buggy.hosts.hosts()).isZero();
            buggy.clock.set(flight.lease().hold().expiresAt());
            assertThat(Objects.requireNonNull(buggy.claim()).lease().past().reclaims())
                    .isEqualTo(1);
        }
    }

    @Test
    void aBugThatStaysEndsTheJobWithWhatWasThrown() {
        path.enqueue("j1", "crm");
        Flight flight = Objects.requireNonNull(path.claim());

        path.pipeline.giveUp(flight, new IllegalStateException("no key")).block();

        assertThat(path.queue.end("j1")).isEqualTo("failed: bug: java.lang.IllegalStateException: no key");
    }
}
