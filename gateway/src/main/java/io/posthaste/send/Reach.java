package io.posthaste.send;

import io.netty.handler.ssl.SslContext;
import java.time.Duration;
import java.util.function.Predicate;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/**
 * One way to receivers: clients for both schemes, on pooled connections of their own and on fresh ones.
 *
 * @param proxied whether this target is reached through a proxy
 */
record Reach(ConnectionProvider connections, Pair pooled, Pair fresh, Predicate<Target> proxied) {
    private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(5);

    /** One client for each scheme. */
    record Pair(HttpClient plain, HttpClient secure) {
        static Pair of(HttpClient plain, HttpClient secure, SslContext trust) {
            return new Pair(plain, secure.secure(ssl -> ssl.sslContext(trust).handshakeTimeout(HANDSHAKE_TIMEOUT)));
        }

        HttpClient to(Target target) {
            return target.secure() ? secure : plain;
        }
    }

    /** Its connections end when they are free; nothing new begins on them. */
    void retire() {
        connections.disposeLater().subscribe();
    }
}
