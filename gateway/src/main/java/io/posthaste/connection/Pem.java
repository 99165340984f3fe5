package io.posthaste.connection;

import io.posthaste.digest.Sha256;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Certificates and keys as text. Messages tell what is wrong and repeat nothing of a key. */
public final class Pem {
    /** Of one field; a bundle of all public authorities has about 140. */
    private static final int MOST_CERTIFICATES = 300;

    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "Ed25519");
    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";

    private Pem() {}

    /** All of a text, in order. */
    public static List<X509Certificate> certificates(String text) throws GeneralSecurityException {
        List<X509Certificate> found = new ArrayList<>();
        if (!text.contains("-----BEGIN CERTIFICATE-----")) {
            throw new CertificateException("holds no -----BEGIN CERTIFICATE-----");
        }
        ByteArrayInputStream in = new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
        try {
            for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                found.add((X509Certificate) one);
            }
        } catch (CertificateException broken) {
            throw new CertificateException("holds a certificate that cannot be read", broken);
        }
        if (found.isEmpty() || found.size() > MOST_CERTIFICATES) {
            throw new CertificateException("holds " + found.size() + " certificates");
        }
        return found;
    }

    /** One private key, PKCS#8, not encrypted. */
    public static PrivateKey key(String text) throws GeneralSecurityException {
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new InvalidKeyException(
                    text.contains("PRIVATE KEY-----")
                            ? "is a key, but not an unencrypted one in PKCS#8"
                            : "holds no -----BEGIN PRIVATE KEY-----");
        }
        byte[] encoded = decoded(text.substring(begin + BEGIN.length(), end));
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
            } catch (InvalidKeySpecException another) {
                // It may be a key of the next.
            }
        }
        throw new InvalidKeyException("is no key for RSA, EC or Ed25519");
    }

    private static byte[] decoded(String base64) throws InvalidKeyException {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException broken) {
            throw new InvalidKeyException("is not base64 between its first and its last line");
        }
    }

    /** Whether what the key signs is signed by the owner of the certificate. */
    public static boolean fits(X509Certificate certificate, PrivateKey key) throws GeneralSecurityException {
        PublicKey open = certificate.getPublicKey();
        String algorithm = algorithm(key);
        if (!open.getAlgorithm().equals(key.getAlgorithm())
                && !(algorithm.equals("Ed25519") && open.getAlgorithm().equals("EdDSA"))) {
            return false;
        }
        byte[] text = "posthaste".getBytes(StandardCharsets.US_ASCII);
        Signature signing = Signature.getInstance(algorithm);
        signing.initSign(key);
        signing.update(text);
        byte[] signature = signing.sign();
        signing.initVerify(open);
        signing.update(text);
        return signing.verify(signature);
    }

    /** A signature algorithm that suits the key, with SHA-256 where one is to be chosen. */
    private static String algorithm(PrivateKey key) {
        return switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> "Ed25519";
        };
    }

    /** As pins are written: {@code sha256/} and the base64 of the hash of the public key's encoding. */
    public static String pin(X509Certificate certificate) {
        byte[] hash = Sha256.of(certificate.getPublicKey().getEncoded());
        return "sha256/" + Base64.getEncoder().encodeToString(hash);
    }
}
