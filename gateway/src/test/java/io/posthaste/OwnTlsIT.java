package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.posthaste.config.ConfigException;
import io.posthaste.config.RedisTls;
import io.posthaste.redis.CommandTimer;
import io.posthaste.redis.Keyspace;
import io.posthaste.redis.RedisConnections;
import io.posthaste.redis.UnusableRedisException;
import io.posthaste.testing.RedisServer;
import io.posthaste.testing.TestAuthority;
import io.posthaste.testing.TestAuthority.Issued;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.Test;

/** TLS on the gateway's own sides: its API, and Redis. */
class OwnTlsIT {
    private static final Duration WAIT = Duration.ofSeconds(30);

    private final TestAuthority authority = TestAuthority.create();

    @Test
    void theApiSpeaksTlsAndTakesANewCertificateWithoutARestart() throws Exception {
        Issued first = authority.issue("first", "IP:127.0.0.1", 2);
        Issued second = authority.issue("second", "IP:127.0.0.1", 2);
        try (TestGateway gateway = new TestGateway()
                .with("ADMIN_TLS_CERTIFICATE", first.certificateFile().toString())
                .with("ADMIN_TLS_KEY", first.keyFile().toString())
                .start()) {
            URI health = URI.create(gateway.address().replace("http:", "https:") + "/healthz");
            assertThat(shown(health)).contains("CN=first");

            Files.move(second.keyFile(), first.keyFile(), StandardCopyOption.REPLACE_EXISTING);
            Files.move(second.certificateFile(), first.certificateFile(), StandardCopyOption.REPLACE_EXISTING);

            await().atMost(WAIT).until(() -> shown(health).contains("CN=second"));
        }
    }

    @Test
    void aCertificateWithoutItsKeyIsRefusedAtTheStart() {
        Issued one = authority.issue("one", "IP:127.0.0.1", 2);
        try (TestGateway gateway = new TestGateway()
                .with("ADMIN_TLS_CERTIFICATE", one.certificateFile().toString())) {
            assertThatThrownBy(gateway::start)
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("admin.tls.key: is missing");
        }
    }

    @Test
    void redisIsReachedByTlsWithAnAuthorityAndACertificateOfOnesOwn() throws Exception {
        Issued server = authority.issue("redis", "IP:127.0.0.1", 2);
        Issued client = authority.issue("gateway", "DNS:gateway", 2);
        int port = freePort();
        try (RedisServer redis = RedisServer.start(
                "--tls-port", "" + port,
                "--tls-cert-file", server.certificateFile().toString(),
                "--tls-key-file", server.keyFile().toString(),
                "--tls-ca-cert-file", authority.file("ca.pem").toString(),
                "--tls-auth-clients", "yes")) {
            String uri = "rediss://127.0.0.1:" + port;
            String ca = authority.file("ca.pem").toString();
            RedisTls whole = new RedisTls(
                    ca, client.certificateFile().toString(), client.keyFile().toString());

            try (RedisConnections connections =
                    RedisConnections.open(uri, Duration.ofSeconds(2), CommandTimer.NONE, whole)) {
                assertThat(Keyspace.open(connections, 0).count()).isEqualTo(1);
            }
            assertThatThrownBy(() -> RedisConnections.open(uri, Duration.ofSeconds(2)))
                    .isInstanceOf(UnusableRedisException.class);
            assertThat(redis.isAlive()).isTrue();
        }
    }

    private String shown(URI uri) throws Exception {
        try (HttpClient client =
                HttpClient.newBuilder().sslContext(authority.trust()).build()) {
            var answer = client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
            SSLSession session = answer.sslSession().orElseThrow();
            return ((X509Certificate) session.getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
        }
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
