package io.posthaste.send;

import static io.posthaste.send.Sending.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.job.Header;
import io.posthaste.job.Reply;
import io.posthaste.testing.RawServer;
import io.posthaste.testing.Receiver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RequestSenderIT {
    private final Receiver receiver = Receiver.start();
    private final Sending sending = Sending.toLoopback();

    @AfterEach
    void close() {
        sending.close();
        receiver.close();
    }

    @Test
    void aPostArrivesByteForByte() {
        try (RawServer raw = RawServer.start(RawServer.always("HTTP/1.1 204 No Content\r\n\r\n"))) {
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
        // Two, because an answer may be handed on a moment before its connection is free again.
        assertThat(receiver.connectionCount()).isLessThanOrEqualTo(2);
    }
}
