package io.posthaste.config;

/**
 * For {@code rediss://}: files in PEM, each empty for none.
 *
 * @param ca authorities to believe instead of the system's
 * @param certificate for servers that ask for one
 */
public record RedisTls(String ca, String certificate, String key) {
    public static final RedisTls NONE = new RedisTls("", "", "");

    public boolean hasCertificate() {
        return !certificate.isEmpty();
    }
}
