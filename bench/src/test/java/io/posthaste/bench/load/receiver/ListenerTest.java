package io.posthaste.bench.load.receiver;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.TestInstance.Lifecycle.PER_CLASS;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.posthaste.bench.load.process.ReceiverKeys;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a real client sees of it, over TLS, and what it remembers of that client, in either version of HTTP. */
@TestInstance(PER_CLASS)
@Timeout(60)
class ListenerTest {
    private static final String SIGNING_KEY = "listener-test-signing-key";
    private static final long NOW = 1_700_000_000_123_456L;
    private final EventLoopGroup loop = Listener.loop();
    private ReceiverKeys keys;
    private Recorder recorder;
    private HttpClient client;
    private Channel listening;

    /** Once, because a keytool takes its second. */
    @BeforeAll
    void makeKeys(@TempDir Path work) {
        keys = ReceiverKeys.make(work, 1);
    }

    @BeforeEach
    void start() throws Exception {
        InstantSource clock = InstantSource.fixed(Instant.ofEpochSecond(0, NOW * 1_000));
        recorder = new Recorder(clock, new SignatureCheck(SIGNING_KEY, 1));
        listening = listen(0, true);
        client = HttpClient.newBuilder().sslContext(trusting(keys)).build();
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        listening.close().get();
    }

    @AfterAll
    void end() throws Exception {
        loop.shutdownGracefully(0, 0, SECONDS).get();
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void remembersTheSameOfARequestInEitherVersion(Version version) throws Exception {
        String body = "{\"text\": \"hello\"}";
        HttpResponse<String> answer = send(request(version, "/hook/7", "job-1", body, sign(body)));

        assertThat(answer.version()).isEqualTo(version);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{}");
        assertThat(answer.headers().firstValue("content-type")).contains("application/json");
        assertThat(arrivals()).containsExactly(NOW + " 200 " + checksum("key-job-1" + body) + " job-1");
        assertThat(stats())
                .contains(
                        "requests 1",
                        "requests_http2 " + (version == Version.HTTP_2 ? 1 : 0),
                        "anonymous 0",
                        "signatures_checked 1",
                        "signatures_bad 0",
                        "connects 1");
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void noticesABadSignatureInEitherVersion(Version version) throws Exception {
        send(request(version, "/hook/7", "job-1", "hello", sign("hullo")));

        assertThat(stats()).contains("signatures_checked 1", "signatures_bad 1");
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void answersAsThePathBehavesInEitherVersion(Version version) throws Exception {
        behave("/bad", new Behaviour.Status(503));
        behave("/slow", new Behaviour.Delay(20, 20));

        assertThat(send(request(version, "/bad", "job-1", "a", sign("a"))).statusCode())
                .isEqualTo(503);
        assertThat(send(request(version, "/slow", "job-2", "b", sign("b"))).statusCode())
                .isEqualTo(200);
        assertThat(arrivals())
                .containsExactly(
                        NOW + " 503 " + checksum("key-job-1a") + " job-1",
                        NOW + " 200 " + checksum("key-job-2b") + " job-2");
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void sendsALongBodyAsFastAsItIsTakenInEitherVersion(Version version) throws Exception {
        behave("/flood", new Behaviour.Flood(1_000_000));

        HttpRequest request = request(version, "/flood", "job-1", "a", sign("a"));
        try (var body = client.send(request, BodyHandlers.ofInputStream()).body()) {
            assertThat(body.readNBytes(1_000_000)).hasSize(1_000_000);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void resetsTheConnectionInEitherVersion(Version version) {
        behave("/reset", new Behaviour.Reset());

        assertThatThrownBy(() -> send(request(version, "/reset", "job-1", "a", sign("a"))))
                .isInstanceOf(IOException.class);
    }

    @Test
    void oneConnectionTakesManyRequestsAtATimeOverHttp2() throws Exception {
        send(request(Version.HTTP_2, "/hook/0", "job-first", "a", sign("a")));
        behave("/hook/0", new Behaviour.Delay(50, 50));
        List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, 100)
                .mapToObj(number -> client.sendAsync(
                        request(Version.HTTP_2, "/hook/0", "job-" + number, "a", sign("a")), BodyHandlers.ofString()))
                .toList();

        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer.join().statusCode()).isEqualTo(200));
        assertThat(stats())
                .contains("requests_http2 101", "signatures_bad 0", "connects 1", Receiver.MOST_CONNECTIONS + " 1");
    }

    @Test
    void takesABodyThatComesInManyFrames() throws Exception {
        String body = "x".repeat(300_000);
        send(request(Version.HTTP_2, "/hook/0", "job-1", body, sign(body)));

        assertThat(arrivals()).containsExactly(NOW + " 200 " + checksum("key-job-1" + body) + " job-1");
        assertThat(stats()).contains("signatures_checked 1", "signatures_bad 0");
    }

    @Test
    void speaksHttp11WhereItDoesNotOfferMore() throws Exception {
        listening.close().get();
        listening = listen(0, false);

        assertThat(send(request(Version.HTTP_2, "/hook/0", "job-1", "a", sign("a")))
                        .version())
                .isEqualTo(Version.HTTP_1_1);
        assertThat(stats()).contains("requests 1", "requests_http2 0");
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void closesAConnectionWithoutTrafficInEitherVersion(Version version) throws Exception {
        listening.close().get();
        // Long enough for a handshake on a crowded machine, which must not count as being idle.
        listening = listen(1_000, true);
        send(request(version, "/hook/0", "job-1", "a", sign("a")));
        awaitNoConnection();

        assertThat(stats()).contains("requests 1", "connects 1", Receiver.MOST_CONNECTIONS + " 1");
    }

    @Test
    void tellsTheMostConnectionsAtATimeSinceItWasAskedLast() throws Exception {
        send(request(Version.HTTP_1_1, "/hook/0", "job-1", "a", sign("a")));
        send(request(Version.HTTP_2, "/hook/0", "job-2", "a", sign("a")));
        assertThat(stats()).contains("connects 2", Receiver.MOST_CONNECTIONS + " 2");

        client.close();
        awaitNoConnection();
        stats();

        assertThat(stats()).contains("connects 2", Receiver.MOST_CONNECTIONS + " 0");
    }

    private Channel listen(long idleMillis, boolean http2) throws Exception {
        return new Listener(recorder, idleMillis, Listener.tls(keys.store(), http2))
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), loop);
    }

    private HttpRequest request(Version version, String path, String id, String body, String signature) {
        int port = ((InetSocketAddress) listening.localAddress()).getPort();
        return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + path))
                .version(version)
                .timeout(Duration.ofSeconds(20))
                .header("X-CIO-Delivery-ID", id)
                .header("X-CIO-Idempotency-Key", "key-" + id)
                .header("X-CIO-Timestamp", "1700000000")
                .header("X-CIO-Signature", signature)
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, BodyHandlers.ofString());
    }

    private void awaitNoConnection() {
        while (onLoop(recorder::open) > 0) {
            Thread.onSpinWait();
        }
    }

    private void behave(String path, Behaviour behaviour) {
        onLoop(() -> {
            recorder.behave(path, behaviour);
            return path;
        });
    }

    private List<String> arrivals() {
        List<String> arrivals = new ArrayList<>();
        ArrivalLog.read(
                onLoop(() -> recorder.arrivalsSince(0)),
                (micros, status, checksum, bytes, start, length) -> arrivals.add(
                        micros + " " + status + " " + checksum + " " + new String(bytes, start, length, US_ASCII)));
        return arrivals;
    }

    private List<String> stats() {
        return onLoop(recorder::stats).lines().toList();
    }

    private <T> T onLoop(Callable<T> look) {
        return loop.next().submit(look).syncUninterruptibly().getNow();
    }

    private static int checksum(String keyAndBody) {
        CRC32 crc = new CRC32();
        crc.update(keyAndBody.getBytes(US_ASCII));
        return (int) crc.getValue();
    }

    private static String sign(String body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SIGNING_KEY.getBytes(US_ASCII), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(("v0:1700000000:" + body).getBytes(US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SSLContext trusting(ReceiverKeys keys) throws Exception {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(KeyStore.getInstance(keys.store().toFile(), ReceiverKeys.PASSWORD.toCharArray()));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
