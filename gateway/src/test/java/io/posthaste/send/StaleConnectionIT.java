package io.posthaste.send;

import static io.posthaste.send.Sending.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.job.NoAnswerCause;
import io.posthaste.job.Reply;
import io.posthaste.testing.RawServer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** A kept connection that ends just as the next request arrives on it. */
@Tag(Sending.WATCHED)
class StaleConnectionIT {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

    /** Answers one request, reads the next and ends without a word. */
    private static final RawServer.Script ENDS_AT_THE_SECOND = connection -> {
        connection.readRequest();
        connection.send(OK);
        connection.readRequest();
    };

    private static final RawServer.Script RESETS_AT_THE_SECOND = connection -> {
        connection.readRequest();
        connection.send(OK);
        connection.readRequest();
        connection.reset();
    };

    private final Sending sending = Sending.toLoopback();

    @AfterEach
    void close() {
        sending.close();
    }

    @Test
    void theRequestLeavesOnceMoreWithTheSameBytesOnAFreshConnection() {
        try (RawServer raw = RawServer.start(ENDS_AT_THE_SECOND, RawServer.always(OK))) {
            post(raw, "first");
            raw.takeRequest();

            assertThat(post(raw, "second")).isInstanceOf(Reply.Answered.class);

            assertThat(raw.takeRequest()).endsWith("second").isEqualTo(raw.takeRequest());
            assertThat(raw.connectionCount()).isEqualTo(2);
            assertThat(sending.pools().stale()).isEqualTo(1);
        }
    }

    @Test
    void aResetIsAnEndLikeAnother() {
        try (RawServer raw = RawServer.start(RESETS_AT_THE_SECOND, RawServer.always(OK))) {
            post(raw, "first");

            assertThat(post(raw, "second")).isInstanceOf(Reply.Answered.class);
        }
    }

    @Test
    void aSecondTimeCounts() {
        RawServer.Script endsAtOnce = RawServer.Connection::readRequest;
        try (RawServer raw = RawServer.start(ENDS_AT_THE_SECOND, endsAtOnce)) {
            post(raw, "first");

            assertReset(post(raw, "second"));

            assertThat(raw.requestCount()).isEqualTo(3);
        }
    }

    @Test
    void aFreshConnectionThatEndsCountsAtOnce() {
        try (RawServer raw = RawServer.start(RawServer.Connection::readRequest)) {
            assertReset(post(raw, "first"));

            assertThat(raw.requestCount()).isEqualTo(1);
        }
    }

    @Test
    void anyNumberOfKeptConnectionsMayHaveEnded() throws InterruptedException {
        int many = 8;
        CountDownLatch allRead = new CountDownLatch(many);
        CountDownLatch allAnswered = new CountDownLatch(1);
        RawServer.Script endsWithTheOthers = connection -> {
            connection.readRequest();
            allRead.countDown();
            await(allRead);
            connection.send(OK);
            await(allAnswered);
        };
        RawServer.Script[] scripts = new RawServer.Script[many + 1];
        Arrays.fill(scripts, endsWithTheOthers);
        scripts[many] = RawServer.always(OK);
        try (RawServer raw = RawServer.start(scripts)) {
            Flux.range(0, many)
                    .flatMap(
                            i -> sending.sender()
                                    .send(
                                            request("POST", raw.url("/"), "one of many"),
                                            new RequestSender.Terms(PATIENCE)),
                            many)
                    .blockLast(PATIENCE);
            allAnswered.countDown();
            while (raw.openConnections() > 0) {
                Thread.onSpinWait();
            }

            for (int i = 0; i < many; i++) {
                assertThat(post(raw, "next")).isInstanceOf(Reply.Answered.class);
            }
        }
    }

    @Test
    void anAnswerThatHasBegunIsNotAskedForTwice() {
        RawServer.Script endsWithinTheSecond = connection -> {
            connection.readRequest();
            connection.send(OK);
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\no");
        };
        try (RawServer raw = RawServer.start(endsWithinTheSecond)) {
            post(raw, "first");

            assertReset(post(raw, "second"));

            assertThat(raw.requestCount()).isEqualTo(2);
        }
    }

    @Test
    void bothShareOneDeadline() {
        RawServer.Script neverAnswers = connection -> {
            connection.readRequest();
            connection.awaitEnd();
        };
        try (RawServer raw = RawServer.start(ENDS_AT_THE_SECOND, neverAnswers)) {
            post(raw, "first");

            Reply reply = sending.send(request("POST", raw.url("/"), "second"), Duration.ofMillis(500));

            assertThat(reply)
                    .isInstanceOfSatisfying(
                            Reply.NoAnswer.class,
                            none -> assertThat(none.cause()).isEqualTo(NoAnswerCause.TIMEOUT));
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Reply post(RawServer raw, String body) {
        return sending.send(request("POST", raw.url("/"), body));
    }

    private static void assertReset(Reply reply) {
        assertThat(reply)
                .isInstanceOfSatisfying(
                        Reply.NoAnswer.class, none -> assertThat(none.cause()).isEqualTo(NoAnswerCause.RESET));
    }
}
