package io.posthaste.bench.load.receiver;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RequestTest {
    private static final byte[] POST = """
            POST /hook/7 HTTP/1.1
            host: localhost
            X-CIO-Delivery-ID: run-000000042
            x-cio-idempotency-key: key-1
            X-Cio-Timestamp: 1700000000
            X-CIO-Signature:abc
            Content-Length: 5

            hello""".replace("\n", "\r\n").getBytes(US_ASCII);

    private final Request request = new Request();

    @Test
    void isIncompleteUntilItsLastByteIsThere() {
        for (int length = 0; length < POST.length; length++) {
            assertThat(request.read(POST, 0, length)).as("%d bytes", length).isEqualTo(-1);
        }
        assertThat(request.read(POST, 0, POST.length)).isEqualTo(POST.length);
    }

    @Test
    void findsItsPartsWhateverTheCaseOfNames() {
        request.read(POST, 0, POST.length);

        assertThat(request.text(request.path)).isEqualTo("/hook/7");
        assertThat(request.text(request.id)).isEqualTo("run-000000042");
        assertThat(request.text(request.key)).isEqualTo("key-1");
        assertThat(request.text(request.timestamp)).isEqualTo("1700000000");
        assertThat(request.text(request.signature)).isEqualTo("abc");
        assertThat(request.text(request.body)).isEqualTo("hello");
    }

    @Test
    void forgetsThePartsOfTheRequestBefore() {
        byte[] both = (new String(POST, US_ASCII) + "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(US_ASCII);

        int second = request.read(both, 0, both.length);

        assertThat(request.read(both, second, both.length)).isEqualTo(both.length);
        assertThat(request.text(request.path)).isEqualTo("/");
        assertThat(request.id.length()).isZero();
        assertThat(request.body.length()).isZero();
    }

    @Test
    void refusesChunkedBodiesRatherThanMisreadThem() {
        byte[] chunked = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes(US_ASCII);

        assertThatThrownBy(() -> request.read(chunked, 0, chunked.length)).hasMessageContaining("Transfer-Encoding");
    }
}
