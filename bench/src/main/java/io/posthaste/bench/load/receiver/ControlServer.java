package io.posthaste.bench.load.receiver;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;

/**
 * How a load test talks to the receiver, on a port of its own: {@code GET /arrivals?POSITION},
 * {@code PUT /behaviour?PATH} with the behaviour as body (empty for the usual 200), {@code GET /stats}.
 */
final class ControlServer {
    private final HttpServer server;
    private final EventLoop loop;
    private final Recorder recorder;

    private ControlServer(HttpServer server, EventLoop loop, Recorder recorder) {
        this.server = server;
        this.loop = loop;
        this.recorder = recorder;
    }

    /** Starts it; port 0 picks a free one. The port. */
    static int start(int port, EventLoop loop, Recorder recorder) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        ControlServer control = new ControlServer(server, loop, recorder);
        server.createContext("/arrivals", control::arrivals);
        server.createContext("/behaviour", control::behave);
        server.createContext("/stats", control::stats);
        server.start();
        return control.server.getAddress().getPort();
    }

    private void arrivals(HttpExchange exchange) throws IOException {
        long position = Long.parseLong(exchange.getRequestURI().getQuery());
        answer(exchange, onLoop(() -> recorder.arrivalsSince(position)));
    }

    private void behave(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getQuery();
        String text = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        answer(exchange, onLoop(() -> {
            recorder.behave(path, text.isBlank() ? null : Behaviour.parse(text));
            return new byte[0];
        }));
    }

    private void stats(HttpExchange exchange) throws IOException {
        answer(exchange, onLoop(() -> recorder.stats().getBytes(UTF_8)));
    }

    private byte[] onLoop(Callable<byte[]> work) throws IOException {
        try {
            return loop.submit(work).get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static void answer(HttpExchange exchange, byte[] body) throws IOException {
        exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
