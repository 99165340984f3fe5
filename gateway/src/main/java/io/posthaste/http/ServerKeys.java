package io.posthaste.http;

import io.posthaste.connection.Pem;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/** The certificate that the API shows, read anew when its files change; what is wrong with new ones leaves the old in use. */
final class ServerKeys extends X509ExtendedKeyManager {
    private static final Logger log = LoggerFactory.getLogger(ServerKeys.class);
    private static final Duration LOOK = Duration.ofSeconds(2);
    private static final String ALIAS = "api";

    private final Path certificate;
    private final Path key;
    private volatile Pair pair;
    private FileTime asOf;

    private record Pair(X509Certificate[] chain, PrivateKey key) {}

    /** @throws IllegalArgumentException when the files are no certificate with its key */
    ServerKeys(Path certificate, Path key) {
        this.certificate = certificate;
        this.key = key;
        try {
            this.asOf = changed();
            this.pair = read();
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "admin.tls: %s and %s: %s".formatted(certificate, key, e.getMessage()), e);
        }
    }

    /** Looks at the files now and then until disposed of. */
    Disposable watch(Scheduler scheduler) {
        return scheduler.schedulePeriodically(this::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            FileTime now = changed();
            if (!now.equals(asOf)) {
                pair = read();
                asOf = now;
                log.atInfo().addKeyValue("certificate", certificate).log("admin.certificate_changed");
            }
        } catch (IOException | GeneralSecurityException e) {
            // Two files change one after the other: the next look may find both.
            log.atWarn().addKeyValue("cause", String.valueOf(e.getMessage())).log("admin.certificate_unreadable");
        }
    }

    private FileTime changed() throws IOException {
        FileTime one = Files.getLastModifiedTime(certificate);
        FileTime other = Files.getLastModifiedTime(key);
        return one.compareTo(other) > 0 ? one : other;
    }

    private Pair read() throws IOException, GeneralSecurityException {
        X509Certificate[] chain =
                Pem.certificates(Files.readString(certificate)).toArray(X509Certificate[]::new);
        PrivateKey own = Pem.key(Files.readString(key));
        if (!Pem.fits(chain[0], own)) {
            throw new InvalidKeyException("the key is not that of the first certificate");
        }
        return new Pair(chain, own);
    }

    @Override
    public String chooseEngineServerAlias(String type, Principal @Nullable [] issuers, SSLEngine engine) {
        return ALIAS;
    }

    @Override
    public String chooseServerAlias(String type, Principal @Nullable [] issuers, Socket socket) {
        return ALIAS;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return pair.chain().clone();
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return pair.key();
    }

    @Override
    public String[] getServerAliases(String type, Principal @Nullable [] issuers) {
        return new String[] {ALIAS};
    }

    @Override
    public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(String[] types, Principal @Nullable [] issuers, Socket socket) {
        return null;
    }
}
