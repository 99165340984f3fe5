package io.posthaste.send.tls;

import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.posthaste.connection.Connection;
import io.posthaste.connection.Connection.Identity;
import io.posthaste.connection.Connection.Trust;
import io.posthaste.send.peer.Peers;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Makes what connections speak TLS with. Certificates are always verified, and so is the host's name; all are told to peers. */
public final class ClientTls {
    private static final ApplicationProtocolConfig OFFERED = new ApplicationProtocolConfig(
            ApplicationProtocolConfig.Protocol.ALPN,
            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
            ApplicationProtocolNames.HTTP_2,
            ApplicationProtocolNames.HTTP_1_1);

    private ClientTls() {}

    /** As the Java runtime trusts. */
    public static SslContext byDefault(Peers peers) {
        return context(Trust.SYSTEM, null, false, peers);
    }

    /** To the receivers of a connection. */
    public static SslContext of(Connection connection, Peers peers) {
        return context(connection.trust(), connection.identity(), connection.http2(), peers);
    }

    /** To what is asked on behalf of a connection and is no receiver of it: its token endpoint. */
    public static SslContext ofOthers(Connection connection, Peers peers) {
        return context(connection.trust().ofOthers(), connection.identity(), false, peers);
    }

    /** The system's authorities and these, for a client that is none of the gateway's senders. */
    public static TrustManager[] believing(List<X509Certificate> others) throws GeneralSecurityException, IOException {
        return new TrustManager[] {platform(new Trust(others, true, Set.of()))};
    }

    /** @param http2 whether it is offered, before HTTP/1.1 */
    private static SslContext context(Trust trust, @Nullable Identity identity, boolean http2, Peers peers) {
        try {
            SslContextBuilder builder = SslContextBuilder.forClient()
                    .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK)
                    .protocols("TLSv1.3", "TLSv1.2")
                    .trustManager(new ExplainingTrust(platform(trust), trust.pins(), peers))
                    .endpointIdentificationAlgorithm("HTTPS");
            if (identity != null) {
                builder.keyManager(identity.key(), identity.chain());
            }
            if (http2) {
                builder.applicationProtocolConfig(OFFERED)
                        .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE);
            }
            return builder.build();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this Java runtime has no TLS", e);
        }
    }

    private static X509ExtendedTrustManager platform(Trust trust) throws GeneralSecurityException, IOException {
        if (trust.authorities().isEmpty()) {
            return managerOf(null);
        }
        List<X509Certificate> authorities = new ArrayList<>(trust.authorities());
        if (trust.systemToo()) {
            authorities.addAll(List.of(managerOf(null).getAcceptedIssuers()));
        }
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (int i = 0; i < authorities.size(); i++) {
            store.setCertificateEntry("authority-" + i, authorities.get(i));
        }
        return managerOf(store);
    }

    /** @param store null for the runtime's own */
    private static X509ExtendedTrustManager managerOf(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return Stream.of(factory.getTrustManagers())
                .filter(X509ExtendedTrustManager.class::isInstance)
                .map(X509ExtendedTrustManager.class::cast)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "no trust manager for X.509 among " + List.of(factory.getTrustManagers())));
    }
}
