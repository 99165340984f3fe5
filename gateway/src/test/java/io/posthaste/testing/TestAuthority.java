package io.posthaste.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate authority of one's own, kept by {@code openssl} in a temporary directory. */
public final class TestAuthority {
    private final Path directory;

    private TestAuthority(Path directory) {
        this.directory = directory;
    }

    public static TestAuthority create() {
        TestAuthority made = inNewDirectory();
        made.selfSign("ca", "/CN=Test Authority", List.of());
        return made;
    }

    /** One whose own certificate is of this authority. */
    public TestAuthority intermediate() {
        TestAuthority made = inNewDirectory();
        Issued own = issue("intermediate", "DNS:intermediate\nbasicConstraints=critical,CA:TRUE", 2);
        made.write("ca.pem", own.certificate());
        made.write("ca.key", own.key());
        return made;
    }

    /** A certificate that nobody but its own key vouches for. */
    public Issued selfSigned(String name, String names) {
        selfSign(name, "/CN=" + name, List.of("-addext", "subjectAltName=" + names));
        return issued(name);
    }

    private static TestAuthority inNewDirectory() {
        try {
            return new TestAuthority(Files.createTempDirectory("posthaste-ca"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void selfSign(String name, String subject, List<String> more) {
        List<String> arguments = new ArrayList<>(List.of(
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-days",
                "2",
                "-subj",
                subject,
                "-keyout",
                name + ".key",
                "-out",
                name + ".pem"));
        arguments.addAll(more);
        openssl(arguments.toArray(String[]::new));
    }

    private Issued issued(String name) {
        return new Issued(read(name + ".pem"), read(name + ".key"), file(name + ".pem"), file(name + ".key"));
    }

    /** What it is trusted by. */
    public String pem() {
        return read("ca.pem");
    }

    public Path file(String name) {
        return directory.resolve(name);
    }

    /**
     * A certificate of this authority.
     *
     * @param names as openssl has them: {@code IP:127.0.0.1,DNS:a.test}
     * @param days it is valid from now on; below 0 it ended as long ago
     */
    public Issued issue(String name, String names, int days) {
        openssl(
                "req",
                "-new",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-subj",
                "/CN=" + name,
                "-keyout",
                name + ".key",
                "-out",
                name + ".csr");
        write(name + ".ext", "subjectAltName=" + names + "\n");
        List<String> sign = new ArrayList<>(List.of(
                "x509",
                "-req",
                "-in",
                name + ".csr",
                "-CA",
                "ca.pem",
                "-CAkey",
                "ca.key",
                "-CAcreateserial",
                "-extfile",
                name + ".ext",
                "-out",
                name + ".pem",
                "-days",
                "" + days));
        openssl(sign.toArray(String[]::new));
        return issued(name);
    }

    /** What a server shows, and whom it believes of those who show something: everybody of this authority. */
    public SSLContext server(Issued own) {
        try {
            char[] password = "password".toCharArray();
            openssl(
                    "pkcs12",
                    "-export",
                    "-in",
                    own.certificateFile().toString(),
                    "-inkey",
                    own.keyFile().toString(),
                    "-out",
                    "server.p12",
                    "-passout",
                    "pass:password");
            KeyStore keys = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(file("server.p12"))) {
                keys.load(in, password);
            }
            KeyManagerFactory shown = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            shown.init(keys, password);
            KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
            authorities.load(null, null);
            try (InputStream in = Files.newInputStream(file("ca.pem"))) {
                authorities.setCertificateEntry(
                        "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
            }
            TrustManagerFactory believed = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            believed.init(authorities);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(shown.getKeyManagers(), believed.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a client believes: this authority and no other. */
    public SSLContext trust() {
        return server(issue("trusting", "DNS:trusting", 2));
    }

    /** A certificate with its key, as text and as files. */
    public record Issued(String certificate, String key, Path certificateFile, Path keyFile) {}

    private void openssl(String... arguments) {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command + " said: " + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void write(String name, String text) {
        try {
            Files.writeString(file(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String read(String name) {
        try {
            return Files.readString(file(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
