package io.posthaste.send;

import static io.posthaste.send.Sending.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.posthaste.job.Header;
import io.posthaste.job.NoAnswerCause;
import io.posthaste.job.Reply;
import io.posthaste.job.SignedRequest;
import io.posthaste.testing.RawServer;
import io.posthaste.testing.Receiver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

@Tag(Sending.WATCHED)
class RequestSenderIT {
    private static final String NO_CONTENT = "HTTP/1.1 204 No Content\r\n\r\n";
    private static final Sending sending = Sending.toLoopback();

    private final Receiver receiver = Receiver.start();

    @AfterEach
    void close() {
        receiver.close();
    }

    @AfterAll
    static void closeAll() {
        sending.close();
    }

    @Test
    void aPostArrivesByteForByte() {
        try (RawServer raw = RawServer.start(RawServer.always(NO_CONTENT))) {
            Reply reply = sending.send(
                    request("POST", raw.url("/hook?x=%20y"), "{\"a\":\"ö\"}", "Content-Type", "application/json"));

            assertThat(raw.takeRequest())
                    .isEqualTo("POST /hook?x=%20y HTTP/1.1\r\n"
                            + "host: 127.0.0.1:" + raw.port() + "\r\n"
                            + "user-agent: Posthaste/1.2.3\r\n"
                            + "accept: */*\r\n"
                            + "X-CIO-Idempotency-Key: key-1\r\n"
                            + "X-CIO-Timestamp: 1613063089\r\n"
                            + "Content-Type: application/json\r\n"
                            + "content-length: 10\r\n\r\n"
                            + "{\"a\":\"Ã¶\"}");
            assertThat(reply).isInstanceOfSatisfying(Reply.Answered.class, answered -> {
                assertThat(answered.status()).isEqualTo(204);
                assertThat(answered.truncated()).isFalse();
                assertThat(answered.body()).isEmpty();
            });
        }
    }

    @Test
    void connectionsAreCountedByWhatTheyDo() {
        try (Sending own = Sending.toLoopback()) {
            receiver.usually(request -> Receiver.Answer.never());
            // One more than there may be connections to a host.
            int requests = Sending.CONFIG.connectionsPerHost() + 1;
            Flux.range(0, requests)
                    .flatMap(i -> own.sender().send(request("GET", receiver.url("/"), ""), Sending.TERMS), requests)
                    .subscribe(reply -> {}, closed -> {});
            await().untilAsserted(() -> {
                assertThat(own.pools().active()).isEqualTo(requests - 1);
                assertThat(own.pools().waiting()).isEqualTo(1);
            });
            assertThat(own.pools().mostWaiting()).isEqualTo(1);
            assertThat(own.pools().idle()).isZero();

            try (Receiver other = Receiver.start()) {
                own.get(other.url("/"));
                await().untilAsserted(() -> assertThat(own.pools().idle()).isEqualTo(1));
            }
        }
    }

    @Test
    void theAnswerComesBackWithHeadersAndBody() {
        receiver.answers(Receiver.Answer.of(503, "busy")
                .with("Retry-After", "7")
                .with("X-A", "1")
                .with("X-A", "2"));

        Reply reply = sending.get(receiver.url("/"));

        assertThat(reply).isInstanceOfSatisfying(Reply.Answered.class, answered -> {
            assertThat(answered.status()).isEqualTo(503);
            assertThat(answered.body()).asString().isEqualTo("busy");
            assertThat(answered.headers())
                    .contains(new Header("Retry-After", "7"), new Header("X-A", "1"), new Header("X-A", "2"));
        });
    }

    @Test
    void connectionsAreReused() {
        for (int i = 0; i < 20; i++) {
            sending.get(receiver.url("/" + i));
        }

        assertThat(receiver.requestCount()).isEqualTo(20);
        assertThat(receiver.connectionCount()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "GET,    false",
        "DELETE, false",
        "POST,   true",
        "PUT,    true",
        "PATCH,  true",
    })
    void anEmptyBodyHasALengthOnlyWhereOneIsExpected(String method, boolean length) {
        try (RawServer raw = RawServer.start(RawServer.always(NO_CONTENT))) {
            sending.send(request(method, raw.url("/"), ""));

            String seen = raw.takeRequest();
            assertThat(seen).startsWith(method + " / HTTP/1.1\r\n").doesNotContainIgnoringCase("transfer-encoding");
            assertThat(seen.contains("content-length: 0\r\n")).isEqualTo(length);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "DELETE", "POST", "PUT", "PATCH"})
    void aBodyHasItsLengthWhateverTheMethod(String method) {
        try (RawServer raw = RawServer.start(RawServer.always(NO_CONTENT))) {
            sending.send(request(method, raw.url("/"), "x".repeat(100_000)));

            assertThat(raw.takeRequest())
                    .contains("content-length: 100000\r\n")
                    .endsWith("\r\n\r\n" + "x".repeat(100_000))
                    .doesNotContainIgnoringCase("transfer-encoding");
        }
    }

    @Test
    void repeatedHeadersKeepTheirOrder() {
        sending.send(request("POST", receiver.url("/"), "x", "X-A", "2", "x-a", "1", "X-B", "", "X-A", "3"));

        var received = receiver.takeRequest();
        assertThat(received.headers("X-A")).containsExactly("2", "1", "3");
        assertThat(received.headers("X-B")).containsExactly("");
    }

    @Test
    void anActionMaySpeakForItselfAsUserAgentAndAccept() {
        sending.send(request("POST", receiver.url("/"), "x", "User-Agent", "Acme", "accept", "text/plain"));

        var received = receiver.takeRequest();
        assertThat(received.headers("User-Agent")).containsExactly("Acme");
        assertThat(received.headers("Accept")).containsExactly("text/plain");
        assertThat(received.header("Content-Type")).isNull();
    }

    @Test
    void credentialsInTheUrlBecomeBasicAuthenticationAndNothingElse() {
        try (RawServer raw = RawServer.start(RawServer.always(NO_CONTENT))) {
            sending.send(request("GET", "http://us%20er:p%40ss%2Fw%3Ard@127.0.0.1:" + raw.port() + "/x", ""));

            assertThat(raw.takeRequest())
                    .startsWith("GET /x HTTP/1.1\r\nhost: 127.0.0.1:" + raw.port() + "\r\n")
                    .contains("authorization: Basic dXMgZXI6cEBzcy93OnJk\r\n")
                    .doesNotContain("@");
        }
    }

    @Test
    void anAuthorizationHeaderBeatsCredentialsInTheUrl() {
        String url = "http://user:pw@127.0.0.1:" + receiver.port() + "/";
        sending.send(request("GET", url, "", "authorization", "Bearer t"));

        assertThat(receiver.takeRequest().headers("Authorization")).containsExactly("Bearer t");
    }

    @ParameterizedTest
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "X-A,a\u0000b",
                "X-A,ö",
                "X-A, a",
                "X A,b",
                "Host,evil.test",
                "Content-Length,99",
                "Transfer-Encoding,'chunked, identity'",
                "Connection,'close, X-Sig'",
                "Expect,100-continue",
                "Content-Encoding,gzip",
                "X-CIO-Signature,00",
                "webhook-id,1",
            })
    void aHeaderThatMayNotBeSentStopsTheRequestBeforeAnythingIsDialled(String name, String value) {
        assertInvalid(sending.send(request("POST", receiver.url("/"), "x", name, value)), "header");
    }

    @Test
    void aLineEndInAHeaderStopsTheRequestBeforeAnythingIsDialled() {
        assertInvalid(sending.send(request("POST", receiver.url("/"), "x", "X-A", "a\r\nX-B: c")), "header X-A");
        assertInvalid(sending.send(request("POST", receiver.url("/"), "x", "X-A\r\nX-B", "c")), "header name");

        SignedRequest key = new SignedRequest(
                request("POST", receiver.url("/"), "x").request(),
                List.of(new Header("X-CIO-Idempotency-Key", "a\nb")));
        assertInvalid(sending.send(key), "header X-CIO-Idempotency-Key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a b", "/a\tb", "/a\u0000b", "/a\r\nX: y", "/a\u007F"})
    void aControlCharacterInTheUrlStopsTheRequestBeforeAnythingIsDialled(String path) {
        assertInvalid(sending.get(receiver.url(path)), "invalid URL after rendering: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONNECT", "TRACE", "HEAD", "get", "G\r\nX", ""})
    void anotherMethodStopsTheRequestBeforeAnythingIsDialled(String method) {
        assertInvalid(sending.send(request(method, receiver.url("/"), "")), "method must be one of");
    }

    @Test
    void aClosedPortIsAConnectFailureThatNamesNoAddress() {
        int port = receiver.port();
        receiver.close();

        assertThat(sending.get("http://127.0.0.1:" + port + "/")).isInstanceOfSatisfying(Reply.NoAnswer.class, none -> {
            assertThat(none.cause()).isEqualTo(NoAnswerCause.CONNECT);
            assertThat(none.detail()).isEqualTo("connection refused");
        });
    }

    @Test
    void requestsToOneHostShareItsConnections() {
        int requests = 200;
        List<Reply> replies = Flux.range(0, requests)
                .flatMap(i -> sending.sender().send(request("POST", receiver.url("/" + i), "x"), Sending.TERMS), 100)
                .collectList()
                .block(Duration.ofSeconds(20));

        assertThat(replies).hasSize(requests).allMatch(Reply.Answered.class::isInstance);
        assertThat(receiver.requestCount()).isEqualTo(requests);
        assertThat(receiver.connectionCount()).isLessThanOrEqualTo(Sending.CONFIG.connectionsPerHost());
    }

    @Test
    void blockingOnAnEventLoopWouldFailTheseTests() {
        var blocked = sending.sender()
                .send(request("GET", receiver.url("/"), ""), Sending.TERMS)
                .doOnNext(reply -> LockSupport.parkNanos(1));

        assertThatThrownBy(() -> blocked.block(Duration.ofSeconds(10)))
                .hasStackTraceContaining("BlockingOperationError");
    }

    @Test
    void aRequestNobodyWaitsForAnyMoreClosesItsConnection() {
        try (RawServer raw = RawServer.start(connection -> {
            connection.readRequest();
            connection.awaitEnd();
        })) {
            var waiting = sending.sender()
                    .send(request("GET", raw.url("/"), ""), Sending.TERMS)
                    .subscribe();
            raw.takeRequest();
            waiting.dispose();

            await().until(() -> raw.openConnections() == 0);
        }
    }

    private void assertInvalid(Reply reply, String detail) {
        assertThat(reply).isInstanceOfSatisfying(Reply.NoAnswer.class, none -> {
            assertThat(none.cause()).isEqualTo(NoAnswerCause.INVALID_REQUEST);
            assertThat(none.detail()).contains(detail);
        });
        assertThat(receiver.connectionCount()).isZero();
    }
}
