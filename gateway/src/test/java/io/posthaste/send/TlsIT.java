package io.posthaste.send;

import static io.posthaste.testing.RawServer.always;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthaste.job.NoAnswerCause;
import io.posthaste.job.Reply;
import io.posthaste.testing.RawServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag(Sending.WATCHED)
class TlsIT {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    private static final List<String> LOOPBACK = List.of("127.0.0.1");
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Names NAMES = new Names()
            .answer("good.test", LOOPBACK)
            .answer("other.test", LOOPBACK)
            .answer("xn--mnchen-3ya.test", LOOPBACK);

    private static Certificates certificate;
    private static RawServer server;

    @BeforeAll
    static void start() throws Exception {
        certificate = Certificates.selfSigned("dns:good.test,dns:xn--mnchen-3ya.test");
        server = RawServer.start(certificate.serverSockets(), always(OK));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void aSelfSignedCertificateIsRefused() throws Exception {
        try (Sending sending = Sending.with(NAMES, LOOPBACK, PATIENCE)) {
            assertTrouble(sending.get(url("good.test")), NoAnswerCause.CERTIFICATE, "certificate does not verify");
        }
    }

    @Test
    void aTrustedCertificateIsAcceptedForItsNames() throws Exception {
        try (Sending sending = Sending.with(NAMES, LOOPBACK, PATIENCE, certificate.trust())) {
            assertThat(sending.get(url("good.test"))).isInstanceOf(Reply.Answered.class);
            assertThat(sending.get(url("GOOD.test."))).isInstanceOf(Reply.Answered.class);
            assertThat(sending.get(url("münchen.test"))).isInstanceOf(Reply.Answered.class);
        }
    }

    @Test
    void aTrustedCertificateIsRefusedForAnotherName() throws Exception {
        try (Sending sending = Sending.with(NAMES, LOOPBACK, PATIENCE, certificate.trust())) {
            assertTrouble(sending.get(url("other.test")), NoAnswerCause.CERTIFICATE, "certificate does not verify");
            assertTrouble(sending.get(url("127.0.0.1")), NoAnswerCause.CERTIFICATE, "certificate does not verify");
        }
    }

    @Test
    void aServerWithoutTlsIsATlsFailureThatMayPass() throws Exception {
        try (RawServer plain = RawServer.start(connection -> {
                    connection.send("HTTP/1.1 400 Bad Request\r\n\r\n");
                    connection.awaitEnd();
                });
                Sending sending = Sending.with(NAMES, LOOPBACK, PATIENCE, certificate.trust())) {
            assertTrouble(
                    sending.get("https://good.test:" + plain.port() + "/"), NoAnswerCause.TLS, "TLS handshake failed");
        }
    }

    @Test
    void theDeadlineCoversTheHandshake() throws Exception {
        var released = new CountDownLatch(1);
        try (RawServer silent = RawServer.start(connection -> connection.await(released));
                Sending sending = Sending.with(NAMES, LOOPBACK, PATIENCE, certificate.trust())) {
            Reply reply = sending.send(
                    Sending.request("GET", "https://good.test:" + silent.port() + "/", ""), Duration.ofMillis(300));

            assertTrouble(reply, NoAnswerCause.TIMEOUT, "timeout after 300 ms");
            released.countDown();
        }
    }

    @Test
    void aSecondResponseInARecordOfItsOwnNeverAnswersTheNextRequest() throws Exception {
        try (RawServer poisoner = RawServer.start(
                        certificate.serverSockets(),
                        connection -> {
                            connection.readRequest();
                            connection.send("HTTP/1.1 204 No Content\r\n\r\n");
                            connection.send("HTTP/1.1 500 Poison\r\nContent-Length: 0\r\n\r\n");
                            connection.awaitEnd();
                        },
                        always(OK));
                Sending sending = Sending.with(NAMES, LOOPBACK, PATIENCE, certificate.trust())) {
            String url = "https://good.test:" + poisoner.port() + "/";
            assertThat(((Reply.Answered) sending.get(url)).status()).isEqualTo(204);
            await().until(() -> poisoner.openConnections() == 0);

            assertThat(((Reply.Answered) sending.get(url)).status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "true,  true",
        "false, false",
    })
    void anAnswerWithoutLengthIsWholeOnlyIfItsReceiverEndsIt(boolean endsTls, boolean whole) throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
                Sending sending = Sending.with(NAMES, LOOPBACK, PATIENCE, certificate.trust())) {
            Thread.ofPlatform().daemon().start(() -> answerWithoutLength(listener, endsTls));

            Reply reply = sending.get("https://good.test:" + listener.getLocalPort() + "/");

            if (whole) {
                assertThat(reply).isInstanceOf(Reply.Answered.class);
            } else {
                assertTrouble(
                        reply, NoAnswerCause.PROTOCOL, "TLS ended without close_notify: the answer may be cut short");
            }
        }
    }

    private static void answerWithoutLength(ServerSocket listener, boolean endsTls) {
        try {
            Socket connection = listener.accept();
            SSLSocket tls = certificate.over(connection);
            var in = new BufferedReader(new InputStreamReader(tls.getInputStream(), StandardCharsets.US_ASCII));
            while (!in.readLine().isEmpty()) {}
            tls.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\nhalf".getBytes(StandardCharsets.US_ASCII));
            if (endsTls) {
                tls.close();
            }
            connection.close();
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String url(String host) {
        return "https://" + host + ":" + server.port() + "/";
    }

    private static void assertTrouble(Reply reply, NoAnswerCause cause, String detail) {
        assertThat(reply).isInstanceOfSatisfying(Reply.NoAnswer.class, none -> {
            assertThat(none.cause()).isEqualTo(cause);
            assertThat(none.detail()).isEqualTo(detail);
        });
    }
}
