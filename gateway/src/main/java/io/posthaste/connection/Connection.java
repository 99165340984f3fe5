package io.posthaste.connection;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the receivers of some actions are reached.
 *
 * @param revision another number for another definition of the same name
 * @param identity null for none
 * @param oauth2 null for none
 * @param proxy null for the gateway's own, if it has one
 * @param http2 whether HTTP/2 is spoken where the receiver offers it
 */
public record Connection(
        String name,
        long revision,
        Trust trust,
        @Nullable Identity identity,
        @Nullable OAuth2 oauth2,
        @Nullable Proxy proxy,
        boolean http2) {

    /**
     * Whose certificates are believed.
     *
     * @param authorities of one's own; empty for the system's
     * @param systemToo whether the system's are believed beside those
     * @param pins {@code sha256/…} of public keys, one of which must be in the chain; empty for any
     */
    public record Trust(List<X509Certificate> authorities, boolean systemToo, Set<String> pins) {
        /** The system's authorities. */
        public static final Trust SYSTEM = new Trust(List.of(), true, Set.of());

        public Trust {
            authorities = List.copyOf(authorities);
            pins = Set.copyOf(pins);
        }

        /** For endpoints that are not the receiver: the system's authorities count there, too, and pins do not. */
        public Trust ofOthers() {
            return new Trust(authorities, true, Set.of());
        }
    }

    /** What the gateway shows of itself: its own certificate first. */
    public record Identity(List<X509Certificate> chain, PrivateKey key) {
        public Identity {
            chain = List.copyOf(chain);
        }

        /** When the first of the chain's certificates ends. */
        public Instant expiresAt() {
            return chain.stream()
                    .map(certificate -> certificate.getNotAfter().toInstant())
                    .min(Instant::compareTo)
                    .orElse(Instant.MAX);
        }

        @Override
        public String toString() {
            return "Identity[" + chain.size() + " certificates]";
        }
    }

    /**
     * Client credentials (RFC 6749, 4.4).
     *
     * @param clientSecret with {@link Method#PRIVATE_KEY_JWT} a private key, PEM
     * @param scope empty for none
     * @param audience empty for none; asked for by some servers beside the scope
     */
    public record OAuth2(
            String tokenUrl, String clientId, String clientSecret, String scope, String audience, Method method) {

        /** How the client proves itself to the token endpoint. */
        public enum Method {
            BASIC,
            POST,
            PRIVATE_KEY_JWT;

            public String word() {
                return name().toLowerCase(Locale.ROOT);
            }
        }

        @Override
        public String toString() {
            return "OAuth2[" + clientId + "]";
        }
    }

    /**
     * An HTTP proxy, asked to connect for http and https alike.
     *
     * @param username empty for none
     */
    public record Proxy(String host, int port, String username, String password) {
        @Override
        public String toString() {
            return "Proxy[" + host + ":" + port + "]";
        }
    }
}
