package io.posthaste.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** An HTTPS server on loopback, by the Java platform: none of the gateway's own TLS is in it. */
public final class TlsServer implements AutoCloseable {
    private final HttpsServer server;
    private final BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();
    private volatile Function<Seen, Answer> answers = request -> new Answer(200, "{}");

    /** @param authorization null when there was none */
    public record Seen(String path, @Nullable String authorization, String body, String client) {}

    public record Answer(int status, String body) {}

    private TlsServer(HttpsServer server) {
        this.server = server;
    }

    /**
     * @param wantsClients whether a client must show a certificate of the same authority
     * @param protocols that it speaks; none for its usual
     */
    public static TlsServer start(SSLContext keys, boolean wantsClients, String... protocols) {
        try {
            HttpsServer https = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
            TlsServer made = new TlsServer(https);
            https.setHttpsConfigurator(new HttpsConfigurator(keys) {
                @Override
                public void configure(HttpsParameters parameters) {
                    SSLParameters chosen = keys.getDefaultSSLParameters();
                    chosen.setNeedClientAuth(wantsClients);
                    if (protocols.length > 0) {
                        chosen.setProtocols(protocols);
                    }
                    parameters.setSSLParameters(chosen);
                }
            });
            https.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            https.createContext("/", made::handle);
            https.start();
            return made;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public void answers(Function<Seen, Answer> how) {
        answers = how;
    }

    public String url(String path) {
        return "https://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    public List<Seen> seen() {
        return List.copyOf(seen);
    }

    private void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String client = exchange.getProtocol();
        if (exchange instanceof HttpsExchange https) {
            client = peer(https);
        }
        Seen request = new Seen(
                exchange.getRequestURI().getPath(),
                exchange.getRequestHeaders().getFirst("Authorization"),
                body,
                client);
        seen.add(request);
        Answer answer = answers.apply(request);
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static String peer(HttpsExchange exchange) {
        try {
            return exchange.getSSLSession().getPeerPrincipal().getName();
        } catch (SSLPeerUnverifiedException none) {
            return "";
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
