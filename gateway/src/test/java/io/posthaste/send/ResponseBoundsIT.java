package io.posthaste.send;

import static io.posthaste.send.Sending.request;
import static io.posthaste.testing.RawServer.always;
import static io.posthaste.testing.RawServer.inTurn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthaste.job.NoAnswerCause;
import io.posthaste.job.Reply;
import io.posthaste.job.SignedRequest;
import io.posthaste.testing.RawServer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What takes too long or is too much is cut off, and what is large waits until there is room for it. */
@Tag(Sending.WATCHED)
class ResponseBoundsIT extends ResponseCase {
    private static final Duration SHORT = Duration.ofMillis(500);

    @Test
    void aLargeAnswerIsReadOnceThereIsRoomForIt() throws Exception {
        String body = "x".repeat(40_000);
        String answer = "HTTP/1.1 200 OK\r\nContent-Length: 40000\r\n\r\n" + body;
        CompletableFuture<Runnable> asked = new CompletableFuture<>();
        AtomicLong wanted = new AtomicLong();
        try (RawServer server = RawServer.start(inTurn(answer), always(OK))) {
            SignedRequest signed = request("GET", server.url("/large"), "");
            CompletableFuture<@Nullable Reply> reply = sending.sender()
                    .send(sending.sender().targetOf(signed.request()), signed, Sending.termsWith((bytes, whenFree) -> {
                        wanted.set(bytes);
                        asked.complete(whenFree);
                        return false;
                    }))
                    .toFuture();
            Runnable free = asked.get(10, TimeUnit.SECONDS);
            assertThat(bodyOf(sending.get(server.url("/other")))).isEqualTo("ok");
            assertThat(reply).isNotDone();

            free.run();

            assertThat(bodyOf(Objects.requireNonNull(reply.get(10, TimeUnit.SECONDS))))
                    .isEqualTo(body);
            assertThat(wanted).hasValue(80_000);
        }
    }

    @Test
    void aSmallAnswerAsksForNoRoom() {
        String answer = "HTTP/1.1 200 OK\r\nContent-Length: 8000\r\n\r\n" + "x".repeat(8_000);
        try (RawServer server = RawServer.start(inTurn(answer))) {
            SignedRequest signed = request("GET", server.url("/"), "");
            Reply reply = sending.sender()
                    .send(sending.sender().targetOf(signed.request()), signed, Sending.termsWith((bytes, whenFree) -> {
                        throw new IllegalStateException("asked for " + bytes);
                    }))
                    .block();
            assertThat(statusOf(Objects.requireNonNull(reply))).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource({"HTTP/1.1 200 OK", "HTTP/1.1 200 OK|X: y"})
    void anAnswerThatDripsIsCutOffAtTheDeadline(String head) {
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.drip(head.replace("|", "\r\n") + "\r\nX: " + "a".repeat(10_000), Duration.ofMillis(20));
        })) {
            Reply reply = sending.send(request("GET", server.url("/"), ""), SHORT);

            assertTrouble(reply, NoAnswerCause.TIMEOUT, "timeout after 500 ms");
            assertThat(reply.elapsedMillis()).isBetween(450L, 3_000L);
            await().until(() -> server.openConnections() == 0);
        }
    }

    @Test
    void aBodyThatDripsIsCutOffAtTheDeadline() {
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n");
            connection.drip("a".repeat(10_000), Duration.ofMillis(20));
        })) {
            assertTrouble(
                    sending.send(request("GET", server.url("/"), ""), SHORT),
                    NoAnswerCause.TIMEOUT,
                    "timeout after 500 ms");
            await().until(() -> server.openConnections() == 0);
        }
    }

    @Test
    void silenceIsCutOffAtTheDeadline() {
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.awaitEnd();
        })) {
            assertTrouble(
                    sending.send(request("GET", server.url("/"), ""), SHORT),
                    NoAnswerCause.TIMEOUT,
                    "timeout after 500 ms");
            await().until(() -> server.openConnections() == 0);
        }
    }

    @Test
    void aReceiverThatDoesNotReadIsCutOffAtTheDeadline() {
        var released = new CountDownLatch(1);
        try (RawServer server = RawServer.start(connection -> connection.await(released))) {
            Reply reply = sending.send(request("POST", server.url("/"), "x".repeat(16 << 20)), SHORT);

            assertThat(troubleOf(reply)).isEqualTo(NoAnswerCause.TIMEOUT);
            released.countDown();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1 200 OK|Content-Length: 1000000000||",
        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||100000|",
        "HTTP/1.1 500 Oops|Connection: close||"
    })
    void aFloodIsReadUpToTheCapAndCutOff(String head) {
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.send(head.replace("|", "\r\n"));
            connection.flood("a".repeat(10_000));
        })) {
            Reply reply = sending.get(server.url("/"));

            assertThat(reply).isInstanceOfSatisfying(Reply.Answered.class, answered -> {
                assertThat(answered.truncated()).isTrue();
                assertThat(answered.body()).hasSize(64 * 1024).containsOnly('a');
            });
            await().until(() -> server.openConnections() == 0);
        }
    }

    @Test
    void aBodyOfExactlyTheCapIsWholeAndItsConnectionIsReused() {
        String answer = "HTTP/1.1 200 OK\r\nContent-Length: 65536\r\n\r\n" + "a".repeat(65536);
        try (RawServer server = RawServer.start(always(answer))) {
            for (int i = 0; i < 5; i++) {
                Reply.Answered answered = (Reply.Answered) sending.get(server.url("/"));
                assertThat(answered.truncated()).isFalse();
                assertThat(answered.body()).hasSize(65536);
            }
            assertThat(server.connectionCount()).isEqualTo(1);
        }
    }
}
