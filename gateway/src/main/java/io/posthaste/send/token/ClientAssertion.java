package io.posthaste.send.token;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.connection.Connection.OAuth2;
import io.posthaste.connection.Pem;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;

/** A signed statement of who the client is, for one request to the token endpoint (RFC 7523, 3). */
final class ClientAssertion {
    private static final long SECONDS = 60;

    /** How a key signs: JOSE's name and Java's (RFC 7518, 3.1; RFC 8037). */
    private record Algorithm(String name, String java) {
        static Algorithm of(PrivateKey key) {
            return switch (key) {
                case ECPrivateKey curve -> ofCurve(curve.getParams().getOrder().bitLength());
                default ->
                    key.getAlgorithm().equals("RSA")
                            ? new Algorithm("RS256", "SHA256withRSA")
                            : new Algorithm("EdDSA", "Ed25519");
            };
        }

        private static Algorithm ofCurve(int bits) {
            return switch (bits) {
                case 256 -> new Algorithm("ES256", "SHA256withECDSAinP1363Format");
                case 384 -> new Algorithm("ES384", "SHA384withECDSAinP1363Format");
                default -> new Algorithm("ES512", "SHA512withECDSAinP1363Format");
            };
        }
    }

    private ClientAssertion() {}

    static String of(OAuth2 config, Instant now) {
        try {
            PrivateKey key = Pem.key(config.clientSecret());
            Algorithm algorithm = Algorithm.of(key);
            ObjectNode head = object().put("alg", algorithm.name()).put("typ", "JWT");
            ObjectNode claims = object().put("iss", config.clientId())
                    .put("sub", config.clientId())
                    .put("aud", config.tokenUrl())
                    .put("jti", UUID.randomUUID().toString())
                    .put("iat", now.getEpochSecond())
                    .put("exp", now.getEpochSecond() + SECONDS);
            String signed = encoded(head.toString().getBytes(StandardCharsets.UTF_8)) + "."
                    + encoded(claims.toString().getBytes(StandardCharsets.UTF_8));
            Signature signature = Signature.getInstance(algorithm.java());
            signature.initSign(key);
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + encoded(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a key that was read when it was saved", e);
        }
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
