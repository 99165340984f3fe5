package io.posthaste.send;

import static io.posthaste.send.Sending.request;
import static io.posthaste.testing.RawServer.always;
import static io.posthaste.testing.RawServer.inTurn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthaste.job.Header;
import io.posthaste.job.NoAnswerCause;
import io.posthaste.job.Reply;
import io.posthaste.testing.RawServer;
import io.posthaste.testing.RawServer.Script;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What receivers may answer, and what they may not: bytes as no well-meaning server would send them. */
@Tag(Sending.WATCHED)
class ResponseGuardIT extends ResponseCase {
    private static final String NO_CONTENT = "HTTP/1.1 204 No Content\r\n\r\n";

    @ParameterizedTest
    @ValueSource(ints = {100, 102, 103, 199})
    void interimResponsesAreNotTheAnswer(int interim) {
        String early = "HTTP/1.1 " + interim + " Early\r\nLink: x\r\n\r\n";
        try (RawServer server = RawServer.start(inTurn(early + early + OK, NO_CONTENT))) {
            assertThat(statusOf(sending.get(server.url("/1")))).isEqualTo(200);
            assertThat(statusOf(sending.get(server.url("/2")))).isEqualTo(204);
        }
    }

    @Test
    void anEndlessRowOfInterimResponsesIsCutOff() {
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.flood("HTTP/1.1 100 Continue\r\n\r\n");
        })) {
            assertTrouble(sending.get(server.url("/")), NoAnswerCause.PROTOCOL, "more than 16 interim responses");
            await().until(() -> server.openConnections() == 0);
        }
    }

    @Test
    void aSecondResponseInTheSamePacketNeverAnswersTheNextRequest() {
        String poison = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison";
        try (RawServer server = RawServer.start(inTurn(NO_CONTENT + poison), inTurn(OK))) {
            assertThat(statusOf(sending.get(server.url("/1")))).isEqualTo(204);
            assertThat(bodyOf(sending.get(server.url("/2")))).isEqualTo("ok");
            assertThat(server.connectionCount()).isEqualTo(2);
        }
    }

    @Test
    void halfASecondResponseNeverAnswersTheNextRequest() {
        String half = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoi";
        try (RawServer server = RawServer.start(inTurn(NO_CONTENT + half, "son"), inTurn(OK))) {
            assertThat(statusOf(sending.get(server.url("/1")))).isEqualTo(204);
            assertThat(bodyOf(sending.get(server.url("/2")))).isEqualTo("ok");
        }
    }

    @Test
    void aResponseNobodyAskedForEndsTheConnection() {
        var released = new CountDownLatch(1);
        try (RawServer server = RawServer.start(
                connection -> {
                    connection.readRequest();
                    connection.send(NO_CONTENT);
                    connection.await(released);
                    connection.send("HTTP/1.1 500 Later\r\nContent-Length: 0\r\n\r\n");
                    connection.awaitEnd();
                },
                inTurn(OK))) {
            assertThat(statusOf(sending.get(server.url("/1")))).isEqualTo(204);
            released.countDown();
            await().until(() -> server.openConnections() == 0);

            assertThat(bodyOf(sending.get(server.url("/2")))).isEqualTo("ok");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 999999 Odd\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 600 Odd\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 099 Odd\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 -200 Odd\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 abc Odd\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
                "220 mail.example ESMTP\r\n",
                "SSH-2.0-OpenSSH_9.2\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000\r\n\r\n"
            })
    void whatIsNotOneWellFormedResponseIsRefused(String answer) {
        try (RawServer server = RawServer.start(always(answer))) {
            assertThat(troubleOf(sending.get(server.url("/")))).isEqualTo(NoAnswerCause.PROTOCOL);
            await().until(() -> server.openConnections() == 0);
            assertThat(server.requestCount()).isEqualTo(1);
        }
    }

    @Test
    void anOverlongHeadIsRefused() {
        String answer = "HTTP/1.1 200 OK\r\nX: " + "a".repeat(17 * 1024) + "\r\nContent-Length: 0\r\n\r\n";
        try (RawServer server = RawServer.start(always(answer))) {
            assertThat(troubleOf(sending.get(server.url("/")))).isEqualTo(NoAnswerCause.PROTOCOL);
        }
    }

    @Test
    void anAnswerThatOvertakesItsRequestIsTakenAndItsConnectionIsNotReused() {
        String tooLarge = "HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n";
        var released = new CountDownLatch(1);
        try (RawServer server = RawServer.start(
                connection -> {
                    connection.send(tooLarge);
                    connection.await(released);
                },
                always(OK))) {
            Reply reply = sending.send(request("POST", server.url("/1"), "x".repeat(16 << 20)));

            assertThat(statusOf(reply)).isEqualTo(413);
            assertThat(bodyOf(sending.get(server.url("/2")))).isEqualTo("ok");
            released.countDown();
        }
    }

    @Test
    void compressedBytesStayCompressed() throws IOException {
        var gzip = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(gzip)) {
            out.write(new byte[1 << 20]);
        }
        String body = gzip.toString(StandardCharsets.ISO_8859_1);
        try (RawServer server = RawServer.start(always(
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + gzip.size() + "\r\n\r\n" + body))) {
            Reply reply = sending.get(server.url("/"));

            assertThat(((Reply.Answered) reply).body()).isEqualTo(gzip.toByteArray());
            assertThat(((Reply.Answered) reply).headers()).contains(new Header("Content-Encoding", "gzip"));
            assertThat(server.takeRequest().toLowerCase(Locale.ROOT)).doesNotContain("accept-encoding");
        }
    }

    @Test
    void aChunkedBodyIsPutTogether() {
        String answer =
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: 1\r\n\r\n";
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.drip(answer, Duration.ofMillis(1));
            connection.awaitEnd();
        })) {
            assertThat(bodyOf(sending.get(server.url("/")))).isEqualTo("abcde");
        }
    }

    @Test
    void aBodyWithoutLengthEndsWithTheConnection() {
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.0 200 OK\r\n\r\nuntil the end");
        })) {
            assertThat(bodyOf(sending.get(server.url("/")))).isEqualTo("until the end");
        }
    }

    @Test
    void aBodyWithoutLengthThatEndsInAResetIsNoAnswer() {
        var released = new CountDownLatch(1);
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\n\r\nuntil");
            connection.await(released);
            connection.reset();
        })) {
            var reply = sending.sender()
                    .send(request("GET", server.url("/"), ""), Sending.TERMS)
                    .toFuture();
            server.takeRequest();
            released.countDown();

            assertThat(troubleOf(reply.join())).isEqualTo(NoAnswerCause.RESET);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort"})
    void aConnectionThatEndsTooSoonIsAResetAndNothingIsSentTwice(String part) {
        Script closing = connection -> {
            connection.readRequest();
            connection.send(part);
        };
        try (RawServer server = RawServer.start(closing)) {
            assertThat(troubleOf(sending.send(request("POST", server.url("/"), "{}"))))
                    .isEqualTo(NoAnswerCause.RESET);
            assertThat(server.requestCount()).isEqualTo(1);
            assertThat(server.connectionCount()).isEqualTo(1);
        }
    }

    @Test
    void aHalfClosedConnectionIsAReset() {
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.halfClose();
            connection.awaitEnd();
        })) {
            assertThat(troubleOf(sending.get(server.url("/")))).isEqualTo(NoAnswerCause.RESET);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void redirectsAreNotFollowed(int status) {
        try (RawServer elsewhere = RawServer.start(always(OK));
                RawServer server = RawServer.start(always("HTTP/1.1 " + status + " Moved\r\nLocation: "
                        + elsewhere.url("/") + "\r\nContent-Length: 0\r\n\r\n"))) {
            Reply reply = sending.get(server.url("/"));

            assertThat(statusOf(reply)).isEqualTo(status);
            assertThat(((Reply.Answered) reply).headers()).contains(new Header("Location", elsewhere.url("/")));
            assertThat(elsewhere.connectionCount()).isZero();
        }
    }

    @Test
    void cookiesAreNotKept() {
        try (RawServer server =
                RawServer.start(always("HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n"))) {
            sending.get(server.url("/1"));
            sending.get(server.url("/2"));

            server.takeRequest();
            assertThat(server.takeRequest()).doesNotContainIgnoringCase("cookie");
        }
    }
}
