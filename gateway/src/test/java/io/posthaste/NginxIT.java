package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.cli.ApiClient;
import io.posthaste.testing.Nginx;
import io.posthaste.testing.Nginx.Site;
import io.posthaste.testing.TestAuthority;
import io.posthaste.testing.TestAuthority.Issued;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The server that most receivers stand behind, with what is wrong with certificates and connections in the world. */
class NginxIT {
    private static final Duration WAIT = Duration.ofSeconds(60);
    private static final TestAuthority AUTHORITY = TestAuthority.create();
    private static final TestAuthority INTERMEDIATE = AUTHORITY.intermediate();
    private static final TestAuthority STRANGER = TestAuthority.create();
    private static final Issued SERVER = AUTHORITY.issue("server", "IP:127.0.0.1", 2);
    private static final Issued BELOW = INTERMEDIATE.issue("below", "IP:127.0.0.1", 2);
    private static final Issued CLIENT = AUTHORITY.issue("client", "DNS:client", 2);
    private static final String OLD = "ssl_ciphers ALL:@SECLEVEL=0; ssl_protocols ";
    private static final String WANTS_CLIENTS = "ssl_verify_client on; ssl_client_certificate ";
    private static final int JOBS = 300;
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private static Nginx nginx;
    private static TestGateway gateway;
    private static ApiClient api;

    @BeforeAll
    static void start() {
        nginx = Nginx.start(List.of(
                site("good", "ssl", SERVER, ""),
                site("self-signed", "ssl", AUTHORITY.selfSigned("alone", "IP:127.0.0.1"), ""),
                site("elsewhere", "ssl", AUTHORITY.issue("elsewhere", "DNS:elsewhere.test", 2), ""),
                site("expired", "ssl", AUTHORITY.issue("expired", "IP:127.0.0.1", -1), ""),
                site("stranger", "ssl", STRANGER.issue("stranger", "IP:127.0.0.1", 2), ""),
                site("incomplete", "ssl", BELOW, ""),
                site("disordered", "ssl", BELOW.keyFile(), disorderedChain(), ""),
                site("tls-1.0", "ssl", SERVER, OLD + "TLSv1;"),
                site("tls-1.1", "ssl", SERVER, OLD + "TLSv1.1;"),
                site("clients", "ssl", SERVER, WANTS_CLIENTS + AUTHORITY.file("ca.pem") + ";"),
                site("short-lived", "ssl", SERVER, "keepalive_requests 7;"),
                site("http2", "ssl http2", SERVER, ""),
                site("http2-short-lived", "ssl http2", SERVER, "keepalive_requests 7;")));
        gateway = new TestGateway().start();
        api = gateway.api();
        put("ours", connection());
        put("ours-http2", connection().put("http2", true));
        put("client", connection().put("certificate", CLIENT.certificate()).put("key", CLIENT.key()));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        nginx.close();
    }

    @ParameterizedTest
    @CsvSource({
        "self-signed, 'certificate is self-signed, and not trusted'",
        "elsewhere, certificate is for another host",
        "expired, certificate has expired",
        "stranger, 'certificate is of an authority that is not trusted, or an intermediate one is missing'",
        "incomplete, 'certificate is of an authority that is not trusted, or an intermediate one is missing'",
        "tls-1.0, TLS handshake failed: the receiver speaks neither TLS 1.2 nor 1.3",
        "tls-1.1, TLS handshake failed: the receiver speaks neither TLS 1.2 nor 1.3",
    })
    void whatIsWrongWithTlsHasItsReason(String site, String reason) {
        assertThat(reasonOf(enqueue(site, "ours"))).isEqualTo(reason);
    }

    @Test
    void aChainInTheWrongOrderIsPutInOrder() {
        assertThat(ended(enqueue("disordered", "ours")).path("state").asText()).isEqualTo("sent");
    }

    @Test
    void aClientCertificateIsWantedAfterTheHandshake() {
        assertThat(answer(ended(enqueue("clients", "client")))).isEqualTo("CN=client");
        JsonNode without = ended(enqueue("clients", "ours"));
        assertThat(without.path("reason").asText()).isEqualTo("HTTP 400");
        assertThat(answer(without)).contains("No required SSL certificate was sent");
    }

    @ParameterizedTest
    @CsvSource({"good", "short-lived"})
    void connectionsThatTheReceiverEndsCostNobodyAnAttempt(String site) {
        assertThat(retried(send(site, "ours", false))).isZero();
    }

    @Test
    void aReceiverThatReloadsCostsNobodyAnAttempt() {
        assertThat(retried(send("good", "ours", true))).isZero();
    }

    /** Who was on the way to a connection that ends is sent once more; a second such meeting is a failed attempt. */
    @ParameterizedTest
    @CsvSource({"http2, true", "http2-short-lived, false"})
    void overHttp2FewPayForAConnectionThatEndsAndAllArrive(String site, boolean reloads) {
        assertThat(retried(send(site, "ours-http2", reloads))).isLessThanOrEqualTo(JOBS / 10);
    }

    private static List<String> send(String site, String connection, boolean reloads) {
        String action = action(site, connection);
        return IntStream.range(0, JOBS)
                .mapToObj(i -> {
                    if (reloads && i % 50 == 25) {
                        nginx.reload();
                    }
                    return enqueueOne(action, i);
                })
                .toList();
    }

    private static long retried(List<String> ids) {
        return ids.stream()
                .map(NginxIT::ended)
                .peek(ended -> assertThat(ended.path("state").asText())
                        .as(ended.toString())
                        .isEqualTo("sent"))
                .filter(ended -> ended.path("attempts").size() > 1)
                .count();
    }

    private static Site site(String name, String listen, Issued shown, String directives) {
        return site(name, listen, shown.keyFile(), shown.certificateFile(), directives);
    }

    private static Site site(String name, String listen, Path key, Path chain, String directives) {
        return new Site(name, listen, """
                ssl_certificate %s; ssl_certificate_key %s; %s
                location / { return 200 "$ssl_client_s_dn"; }""".formatted(chain, key, directives));
    }

    /** The receiver's own first, as servers insist; then the root, and last what is between them. */
    private static Path disorderedChain() {
        try {
            return Files.writeString(
                    INTERMEDIATE.file("disordered.pem"), BELOW.certificate() + AUTHORITY.pem() + INTERMEDIATE.pem());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectNode connection() {
        return JsonNodeFactory.instance.objectNode().put("ca", AUTHORITY.pem());
    }

    private static void put(String name, ObjectNode connection) {
        api.put("/v1/connections/" + name, connection.toString());
    }

    private static String action(String site, String connection) {
        String action = "a" + NUMBERS.incrementAndGet();
        api.put("/v1/actions/" + action, """
                {"url":"%s","body":"{}","connection":"%s","retry":{"timeout_ms":5000,"delays_ms":[100,100],"statuses":[]}}""".formatted(nginx.url(site, "/{{delivery.id}}"), connection));
        return action;
    }

    private static String enqueue(String site, String connection) {
        return enqueueOne(action(site, connection), 0);
    }

    private static String enqueueOne(String action, int number) {
        String id = action + "-" + number;
        api.post("/v1/deliveries", """
                {"id":"%s","action":"%s","data":{"customer":{"id":"1"}}}""".formatted(id, action));
        return id;
    }

    private static String reasonOf(String id) {
        return ended(id).path("attempts").path(0).path("reason").asText();
    }

    private static String answer(JsonNode ended) {
        return ended.path("attempts").path(0).path("response").asText();
    }

    private static JsonNode ended(String id) {
        await().pollDelay(Duration.ZERO)
                .atMost(WAIT)
                .until(() ->
                        api.get("/v1/deliveries/" + id).path("state").asText().matches("sent|failed"));
        return api.get("/v1/deliveries/" + id);
    }
}
