package io.posthaste.send.tls;

import io.posthaste.connection.Pem;
import io.posthaste.send.peer.Peers;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Judges as the Java platform does, the host's name included; then looks for a pin, and says why it refuses. */
final class ExplainingTrust extends X509ExtendedTrustManager {
    private static final int DEEPEST_CAUSE = 8;

    private final X509ExtendedTrustManager platform;
    private final Set<String> pins;
    private final Peers peers;

    /**
     * @param pins one of which must be in the chain; empty for any
     * @param peers told what servers show, before it is judged
     */
    ExplainingTrust(X509ExtendedTrustManager platform, Set<String> pins, Peers peers) {
        this.platform = platform;
        this.pins = pins;
        this.peers = peers;
    }

    @FunctionalInterface
    private interface Judgement {
        void pass() throws CertificateException;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        if (chain.length > 0) {
            peers.shown(engine.getPeerHost(), engine.getPeerPort(), chain[0]);
        }
        judge(chain, () -> platform.checkServerTrusted(chain, authType, engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        judge(chain, () -> platform.checkServerTrusted(chain, authType, socket));
    }

    /** Without a name to compare with: nobody calls it for a receiver. */
    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        judge(chain, () -> platform.checkServerTrusted(chain, authType));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        platform.checkClientTrusted(chain, authType, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        platform.checkClientTrusted(chain, authType, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        platform.checkClientTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return platform.getAcceptedIssuers();
    }

    private void judge(X509Certificate[] chain, Judgement judgement) throws CertificateException {
        try {
            judgement.pass();
        } catch (CertificateException refused) {
            throw new CertificateRefused(reason(chain, refused), refused);
        }
        if (!pins.isEmpty() && Stream.of(chain).map(Pem::pin).noneMatch(pins::contains)) {
            throw new CertificateRefused("certificate has none of the pinned keys");
        }
    }

    private static String reason(X509Certificate[] chain, CertificateException refused) {
        if (isCausedBy(CertificateExpiredException.class, refused)) {
            return "certificate has expired";
        }
        if (isCausedBy(CertificateNotYetValidException.class, refused)) {
            return "certificate is not valid yet";
        }
        String said = String.valueOf(refused.getMessage()).toLowerCase(Locale.ROOT);
        // The platform has no type for it, only these words.
        if (said.startsWith("no subject alternative") || said.startsWith("no name matching")) {
            return "certificate is for another host";
        }
        boolean alone =
                chain.length == 1 && chain[0].getSubjectX500Principal().equals(chain[0].getIssuerX500Principal());
        return alone
                ? "certificate is self-signed, and not trusted"
                : "certificate is of an authority that is not trusted, or an intermediate one is missing";
    }

    private static boolean isCausedBy(Class<? extends Throwable> type, Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .limit(DEEPEST_CAUSE)
                .anyMatch(type::isInstance);
    }
}
