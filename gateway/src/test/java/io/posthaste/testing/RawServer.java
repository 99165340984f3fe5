package io.posthaste.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ServerSocketFactory;

/**
 * A server that speaks bytes, not HTTP: each accepted connection runs a script on a thread of its own, and every
 * request is kept exactly as it came over the wire. For receivers that lie, drip, flood, reset and half-close.
 */
public final class RawServer implements AutoCloseable {
    private static final Pattern CONTENT_LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)\r\n");

    // Spelled as bytes: the loopback address of choice may be ::1.
    private static final InetAddress LOOPBACK = loopback();

    private final ServerSocket listener;
    private final List<Script> scripts;
    private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger seen = new AtomicInteger();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private RawServer(ServerSocket listener, List<Script> scripts) {
        this.listener = listener;
        this.scripts = scripts;
    }

    /** Listens on a free port of 127.0.0.1; connection {@code n} runs script {@code n}, the last one repeats. */
    public static RawServer start(Script... scripts) {
        return start(ServerSocketFactory.getDefault(), scripts);
    }

    /** As {@link #start(Script...)} with sockets of the given factory, for TLS. */
    public static RawServer start(ServerSocketFactory sockets, Script... scripts) {
        try {
            var listener = sockets.createServerSocket(0, 1024, LOOPBACK);
            RawServer server = new RawServer(listener, List.of(scripts));
            Thread.ofPlatform().daemon().name("raw-server").start(server::acceptAll);
            return server;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Answers every request of every connection with the same bytes. */
    public static Script always(String answer) {
        return connection -> {
            while (!connection.readRequest().isEmpty()) {
                connection.send(answer);
            }
        };
    }

    /** Answers the requests of one connection with these bytes in turn, then reads until the client closes. */
    public static Script inTurn(String... answers) {
        return connection -> {
            for (String answer : answers) {
                if (connection.readRequest().isEmpty()) {
                    return;
                }
                connection.send(answer);
            }
            connection.awaitEnd();
        };
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** @param path with the leading slash, query included */
    public String url(String path) {
        return "http://127.0.0.1:" + port() + path;
    }

    /**
     * The next request nobody took yet, head and body, one char per byte (ISO-8859-1).
     *
     * @throws AssertionError when none arrives within ten seconds
     */
    public String takeRequest() {
        try {
            String request = requests.poll(10, TimeUnit.SECONDS);
            if (request == null) {
                throw new AssertionError("no request within 10 s; seen so far: " + seen);
            }
            return request;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for a request", e);
        }
    }

    /** Complete requests seen since the start. */
    public int requestCount() {
        return seen.get();
    }

    /** Connections accepted since the start. */
    public int connectionCount() {
        return accepted.get();
    }

    /** Connections that are open on this side. */
    public int openConnections() {
        return open.size();
    }

    @Override
    public void close() {
        closeQuietly(listener);
        open.forEach(RawServer::closeQuietly);
    }

    private void acceptAll() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                open.add(socket);
                Script script = scripts.get(Math.min(accepted.getAndIncrement(), scripts.size() - 1));
                Thread.ofPlatform().daemon().name("raw-connection").start(() -> play(script, socket));
            } catch (IOException e) {
                // The listener was closed, or one handshake went wrong; the loop's condition tells which.
            }
        }
    }

    private void play(Script script, Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            script.run(new Connection(socket));
        } catch (IOException e) {
            // The client went away, which is what many scripts are about.
        } finally {
            open.remove(socket);
        }
    }

    private static InetAddress loopback() {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** What one connection does; returning closes it. */
    @FunctionalInterface
    public interface Script {
        void run(Connection connection) throws IOException;
    }

    /** One accepted connection, as a script sees it. Text is ISO-8859-1: one char per byte. */
    public final class Connection {
        private final Socket socket;
        private final InputStream in;

        private Connection(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new BufferedInputStream(socket.getInputStream());
        }

        /** Reads one request, body included, and records it. Empty when the client closed before the head was whole. */
        public String readRequest() throws IOException {
            var bytes = new ByteArrayOutputStream();
            while (!endsHead(bytes)) {
                int next = in.read();
                if (next < 0) {
                    return "";
                }
                bytes.write(next);
            }
            Matcher length = CONTENT_LENGTH.matcher(text(bytes));
            bytes.write(in.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0));
            seen.incrementAndGet();
            requests.add(text(bytes));
            return text(bytes);
        }

        public void send(String text) throws IOException {
            send(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        public void send(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        }

        /** Sends byte after byte with a pause between, until all are sent or the client closes. */
        public void drip(String text, Duration pause) throws IOException {
            for (int i = 0; i < text.length(); i++) {
                send(text.substring(i, i + 1));
                LockSupport.parkNanos(pause.toNanos());
            }
        }

        /** Sends the text again and again until the client closes. */
        public void flood(String text) throws IOException {
            byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
            while (true) {
                send(bytes);
            }
        }

        /** Waits until the test opens the latch, at most 30 s. */
        public void await(CountDownLatch latch) throws IOException {
            try {
                if (!latch.await(30, TimeUnit.SECONDS)) {
                    throw new IOException("the test never released this connection");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        }

        /** Closes with a TCP reset instead of an orderly end. */
        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        /** Ends this side's output and goes on reading. */
        public void halfClose() throws IOException {
            socket.shutdownOutput();
        }

        /** Reads and drops until the client closes. */
        public void awaitEnd() throws IOException {
            in.transferTo(OutputStream.nullOutputStream());
        }

        private static boolean endsHead(ByteArrayOutputStream bytes) {
            return text(bytes).endsWith("\r\n\r\n");
        }

        private static String text(ByteArrayOutputStream bytes) {
            return bytes.toString(StandardCharsets.ISO_8859_1);
        }
    }
}
