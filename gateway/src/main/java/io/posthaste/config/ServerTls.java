package io.posthaste.config;

/** What the API shows of itself: files in PEM, read again when they change; empty for plain HTTP. */
public record ServerTls(String certificate, String key) {
    public static final ServerTls NONE = new ServerTls("", "");

    public boolean hasCertificate() {
        return !certificate.isEmpty();
    }
}
