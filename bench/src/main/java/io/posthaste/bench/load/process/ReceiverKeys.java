package io.posthaste.bench.load.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A certificate for all addresses of a receiver, made by the JDK's keytool for one load test, and what trusts it.
 *
 * @param store key and certificate, PKCS12; whoever trusts it may read it as well, it serves this machine only
 * @param certificate the same, PEM, without the key
 */
public record ReceiverKeys(Path store, Path certificate) {
    public static final String PASSWORD = "load-test";

    /** @param hosts addresses of {@link ReceiverProcess#host} beside 127.0.0.1 */
    public static ReceiverKeys make(Path work, int hosts) {
        Path store = work.resolve("receiver.p12");
        Path certificate = work.resolve("receiver.pem");
        String names = IntStream.range(0, hosts)
                .mapToObj(host -> ",ip:" + ReceiverProcess.host(host))
                .collect(Collectors.joining("", "san=ip:127.0.0.1", ""));
        keytool(
                store,
                "-genkeypair -alias receiver -keyalg EC -groupname secp256r1 -dname CN=receiver -validity 2",
                "-ext",
                names);
        keytool(store, "-exportcert -alias receiver -rfc", "-file", certificate.toString());
        return new ReceiverKeys(store, certificate);
    }

    /** What makes a JVM trust it, and nothing else. */
    public List<String> javaOptions() {
        return List.of(
                "-Djavax.net.ssl.trustStore=" + store.toAbsolutePath(),
                "-Djavax.net.ssl.trustStorePassword=" + PASSWORD);
    }

    private static void keytool(Path store, String words, String... more) {
        Path log = store.resolveSibling("keytool.log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(words.split(" ")));
        command.addAll(List.of(more));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD, "-keystore", store.toString()));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            if (process.waitFor() != 0) {
                throw new LoadException("keytool failed: " + Files.readString(log));
            }
        } catch (IOException e) {
            throw new LoadException("cannot run keytool", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoadException("interrupted", e);
        }
    }
}
