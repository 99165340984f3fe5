package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.connection.Pem;
import io.posthaste.testing.ConnectProxy;
import io.posthaste.testing.TestAuthority;
import io.posthaste.testing.TestAuthority.Issued;
import io.posthaste.testing.TlsServer;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Connections, from the API to a TLS server that is not the gateway's own. */
class ConnectionsIT extends ConnectionsCase {
    @Test
    void anAuthorityOfOnesOwnIsBelievedByTheActionsThatNameIt() {
        try (TlsServer server = TlsServer.start(AUTHORITY.server(SERVER), false)) {
            put("private-ca", connection().put("ca", AUTHORITY.pem()));

            assertThat(outcome(server, "private-ca")).isEqualTo("sent");
            assertThat(reason(server, null)).contains("certificate is of an authority that is not trusted");
        }
    }

    @Test
    void aPinIsOfAKeyInTheChain() throws Exception {
        try (TlsServer server = TlsServer.start(AUTHORITY.server(SERVER), false)) {
            ObjectNode pinned = connection().put("ca", AUTHORITY.pem());
            pinned.putArray("pins").add(Pem.pin(certificate(SERVER.certificate())));
            put("pinned", pinned);
            ObjectNode other = connection().put("ca", AUTHORITY.pem());
            other.putArray("pins").add(Pem.pin(certificate(CLIENT.certificate())));
            put("other-pin", other);

            assertThat(outcome(server, "pinned")).isEqualTo("sent");
            assertThat(reason(server, "other-pin")).isEqualTo("certificate has none of the pinned keys");
        }
    }

    @Test
    void certificatesAreRefusedEachWithItsReason() {
        put("ours", connection().put("ca", AUTHORITY.pem()));
        Issued elsewhere = AUTHORITY.issue("elsewhere", "IP:127.0.0.2", 2);
        Issued expired = AUTHORITY.issue("expired", "IP:127.0.0.1", -1);
        TestAuthority stranger = TestAuthority.create();
        try (TlsServer other = TlsServer.start(AUTHORITY.server(elsewhere), false);
                TlsServer late = TlsServer.start(AUTHORITY.server(expired), false);
                TlsServer unknown =
                        TlsServer.start(stranger.server(stranger.issue("server", "IP:127.0.0.1", 2)), false)) {
            assertThat(reason(other, "ours")).isEqualTo("certificate is for another host");
            assertThat(reason(late, "ours")).isEqualTo("certificate has expired");
            assertThat(reason(unknown, "ours")).contains("certificate is of an authority that is not trusted");
        }
    }

    @Test
    void whatAServerShowsIsToldWithItsHostEvenWhereItIsRefused() {
        put("for-hosts", connection().put("ca", AUTHORITY.pem()));
        Issued expired = AUTHORITY.issue("ended", "IP:127.0.0.1", -1);
        try (TlsServer good = TlsServer.start(AUTHORITY.server(SERVER), false);
                TlsServer late = TlsServer.start(AUTHORITY.server(expired), false)) {
            assertThat(outcome(good, "for-hosts")).isEqualTo("sent");
            assertThat(reason(late, "for-hosts")).isEqualTo("certificate has expired");

            JsonNode shown = host(good);
            assertThat(shown.path("attempts").asInt()).isEqualTo(1);
            assertThat(shown.at("/by_gateway/0/protocol").asText()).isEqualTo("HTTP/1.1");
            assertThat(shown.at("/by_gateway/0/dials").asInt()).isEqualTo(1);
            assertThat(shown.at("/by_gateway/0/idle").asInt()).isEqualTo(1);
            assertThat(shown.at("/by_gateway/0/addresses/0/address").asText()).isEqualTo(hostOf(good));
            JsonNode certificate = shown.at("/by_gateway/0/certificate");
            assertThat(certificate.path("subject").asText()).isEqualTo("CN=server");
            assertThat(certificate.at("/names/0").asText()).isEqualTo("127.0.0.1");
            assertThat(shown.path("certificate_expires_at").asLong()).isGreaterThan(System.currentTimeMillis());
            assertThat(host(late).at("/by_gateway/0/certificate/subject").asText())
                    .isEqualTo("CN=ended");
            assertThat(host(late).at("/errors/0/reason").asText()).isEqualTo("certificate has expired");
        }
    }

    private static JsonNode host(TlsServer server) {
        return await().atMost(WAIT)
                .ignoreExceptions()
                .until(
                        () -> api.get("/v1/hosts/" + hostOf(server)),
                        host -> host.path("attempts").asInt() > 0);
    }

    private static String hostOf(TlsServer server) {
        return URI.create(server.url("/")).getAuthority();
    }

    @Test
    void aClientCertificateIsShownAndReplacedWithoutARestart() {
        try (TlsServer server = TlsServer.start(AUTHORITY.server(SERVER), true)) {
            put("no-client", connection().put("ca", AUTHORITY.pem()));
            put("client", identified(CLIENT));

            assertThat(outcome(server, "client")).isEqualTo("sent");
            assertThat(last(server).client()).isEqualTo("CN=client");
            assertThat(reason(server, "no-client")).contains("client certificate");

            await().atMost(WAIT)
                    .until(() -> metrics().contains("posthaste_certificate_expires_seconds{connection=\"client\"}"));
            put("client", identified(AUTHORITY.issue("renewed", "DNS:client", 2)));
            assertThat(outcome(server, "client")).isEqualTo("sent");
            assertThat(last(server).client()).isEqualTo("CN=renewed");
        }
    }

    @Test
    void aProxyIsAskedToConnectWithItsCredentials() {
        String credentials = "Basic " + base64("gate:way-password");
        try (ConnectProxy proxy = ConnectProxy.start(credentials);
                TlsServer server = TlsServer.start(AUTHORITY.server(SERVER), false)) {
            ObjectNode through = connection().put("ca", AUTHORITY.pem());
            through.putObject("proxy")
                    .put("url", proxy.url())
                    .put("username", "gate")
                    .put("password", "way-password");
            put("through", through);
            ObjectNode refused = connection().put("ca", AUTHORITY.pem());
            refused.putObject("proxy").put("url", proxy.url());
            put("refused", refused);

            assertThat(outcome(server, "through")).isEqualTo("sent");
            assertThat(proxy.asked()).contains(server.url("").substring("https://".length()));
            assertThat(firstReason(server, "refused")).isEqualTo("the proxy refused: HTTP 407");
            assertThat(outcome("http://127.0.0.1:" + gateway.receiver.port() + "/", "through"))
                    .isEqualTo("sent");
        }
    }

    @Test
    void anAddressThatMayNotBeDialledIsNotAskedOfAProxyEither() {
        try (ConnectProxy proxy = ConnectProxy.start("")) {
            ObjectNode through = connection();
            through.putObject("proxy").put("url", proxy.url());
            put("around", through);

            assertThat(reasonOf(enqueue("http://10.0.0.1/", "around"))).isEqualTo("address_not_permitted");
            assertThat(proxy.asked()).isEmpty();
        }
    }

    @Test
    void whatIsWrongIsSaidWhenItIsSavedAndRepeatsNoSecret() {
        ObjectNode broken = connection()
                .put("ca", "no certificate")
                .put("certificate", CLIENT.certificate())
                .put("key", SERVER.key())
                .put("http2", "yes");
        broken.putArray("pins").add("sha1/abc");
        broken.putObject("oauth2")
                .put("token_url", "https://localhost/token")
                .put("client_id", "c")
                .put("client_secret", "the-secret-of-nobody")
                .put("method", "magic");
        broken.putObject("proxy").put("url", "socks5://p:1");

        assertThatThrownBy(() -> put("broken", broken))
                .hasMessageContaining("ca")
                .hasMessageContaining("holds no -----BEGIN CERTIFICATE-----")
                .hasMessageContaining("is not that of the first certificate")
                .hasMessageContaining("pins[0]")
                .hasMessageContaining("oauth2.token_url")
                .hasMessageContaining("oauth2.method")
                .hasMessageContaining("is not the address of a proxy")
                .hasMessageContaining("http2")
                .message()
                .doesNotContain("the-secret-of-nobody");
    }

    @Test
    void secretPartsAreNeverReadBackAndStayWhereTheyWere() {
        ObjectNode whole = identified(CLIENT);
        whole.putObject("oauth2")
                .put("token_url", "https://login.example.com/token")
                .put("client_id", "c")
                .put("client_secret", "kept-client-secret");
        put("kept", whole);

        JsonNode shown = api.get("/v1/connections/kept");
        assertThat(shown.toString())
                .doesNotContain("kept-client-secret")
                .doesNotContain("PRIVATE KEY")
                .doesNotContain(CLIENT.key().substring(40, 80))
                .contains("CN=client");
        ObjectNode without = connection().put("ca", AUTHORITY.pem()).put("certificate", CLIENT.certificate());
        without.putObject("oauth2")
                .put("token_url", "https://login.example.com/token")
                .put("client_id", "c");
        put("kept", without);
        ObjectNode elsewhere = without.deepCopy();
        elsewhere.withObject("/oauth2").put("token_url", "https://elsewhere.example.com/token");
        assertThatThrownBy(() -> put("kept", elsewhere))
                .as("a secret does not follow to another address")
                .hasMessageContaining("client_secret");
    }

    @Test
    void anActionThatNamesNoConnectionThereIsIsWarnedOfAndFailsWithThatReason() {
        JsonNode saved = putAction("https://example.com/", "nobody");

        assertThat(saved.path("warnings").toString()).contains("there is no connection nobody");
        assertThat(reasonOf(enqueue("https://example.com/", "nobody")))
                .isEqualTo("there is no connection nobody: PUT /v1/connections/nobody");
    }

    private static String metrics() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(gateway.address() + "/metrics"))
                    .header("Authorization", "Bearer " + TestGateway.TOKEN)
                    .build();
            return client.send(request, BodyHandlers.ofString()).body();
        }
    }

    private static ObjectNode identified(Issued as) {
        return connection()
                .put("ca", AUTHORITY.pem())
                .put("certificate", as.certificate())
                .put("key", as.key());
    }

    private static String firstReason(TlsServer server, @Nullable String connection) {
        String id = enqueue(server, connection);
        await().atMost(WAIT).until(() -> attempts(id).size() >= 1);
        return attempts(id).get(0).path("reason").asText();
    }

    private static X509Certificate certificate(String pem) throws Exception {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
    }
}
