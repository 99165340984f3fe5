package io.posthaste.send;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A fresh self-signed certificate for one host name, made by the JDK's own keytool. */
final class Certificates {
    private static final char[] PASSWORD = "password".toCharArray();

    private final KeyStore keys;

    private Certificates(KeyStore keys) {
        this.keys = keys;
    }

    /** @param names subject alternative names as keytool reads them: {@code dns:a.test,ip:127.0.0.1} */
    static Certificates selfSigned(String names) throws IOException, InterruptedException, GeneralSecurityException {
        Path file = Files.createTempDirectory("posthaste-tls").resolve("keys.p12");
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        int exit = new ProcessBuilder(
                        keytool,
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=server",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        new String(PASSWORD),
                        "-ext",
                        "san=" + names,
                        "-keystore",
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        if (exit != 0) {
            throw new IOException("keytool failed with " + exit);
        }
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD);
        }
        return new Certificates(keys);
    }

    ServerSocketFactory serverSockets() throws GeneralSecurityException {
        return context().getServerSocketFactory();
    }

    /** The server's end of TLS over a connection that can be ended beneath it. */
    SSLSocket over(Socket connection) throws GeneralSecurityException, IOException {
        SSLSocket tls = (SSLSocket) context().getSocketFactory().createSocket(connection, null, 0, false);
        tls.setUseClientMode(false);
        return tls;
    }

    private SSLContext context() throws GeneralSecurityException {
        var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return context;
    }

    /** What a client needs that trusts this certificate and no other. */
    SslContext trust() throws GeneralSecurityException, IOException {
        return SslContextBuilder.forClient()
                .trustManager((X509Certificate) keys.getCertificate("server"))
                .build();
    }
}
