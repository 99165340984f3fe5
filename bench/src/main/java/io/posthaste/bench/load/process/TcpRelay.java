package io.posthaste.bench.load.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;

/**
 * The way of all clients to one server, which can be cut for one of them: then nothing of its comes through in either
 * direction and nobody is told, as in a network that is divided.
 */
public final class TcpRelay implements AutoCloseable {
    private static final int BUFFER = 1 << 16;
    private static final long LOOK_NANOS = 5_000_000;

    private final ServerSocket listener;
    private final int port;
    private final String client;
    private volatile boolean cut;

    private TcpRelay(ServerSocket listener, int port, String client) {
        this.listener = listener;
        this.port = port;
        this.client = client;
    }

    /**
     * From a free port of loopback to another.
     *
     * @param client a text in the first bytes of the one that can be cut off
     */
    static TcpRelay to(int port, String client) {
        try {
            TcpRelay relay = new TcpRelay(new ServerSocket(0, 512, InetAddress.getLoopbackAddress()), port, client);
            Thread.ofVirtual().start(relay::accept);
            return relay;
        } catch (IOException e) {
            throw new LoadException("cannot listen on loopback", e);
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    public void cut() {
        cut = true;
    }

    public void heal() {
        cut = false;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket accepted = listener.accept();
                Thread.ofVirtual().start(() -> connect(accepted));
            } catch (IOException e) {
                // Closed, or out of descriptors for a moment.
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
    }

    private void connect(Socket accepted) {
        try (accepted;
                Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
            server.setTcpNoDelay(true);
            accepted.setTcpNoDelay(true);
            byte[] first = new byte[BUFFER];
            int length = accepted.getInputStream().read(first);
            if (length > 0) {
                boolean ours = new String(first, 0, length, StandardCharsets.ISO_8859_1).contains(client);
                awaitWhole(ours);
                server.getOutputStream().write(first, 0, length);
                Thread back = Thread.ofVirtual().start(() -> pump(server, accepted, ours));
                pump(accepted, server, ours);
                back.join();
            }
        } catch (IOException e) {
            // A server that is down: the client sees its connection closed.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void pump(Socket from, Socket to, boolean ours) {
        byte[] buffer = new byte[BUFFER];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length; (length = in.read(buffer)) >= 0; ) {
                awaitWhole(ours);
                out.write(buffer, 0, length);
            }
        } catch (IOException e) {
            // One side is gone, and so is the other.
        }
    }

    private void awaitWhole(boolean ours) {
        while (ours && cut && !listener.isClosed()) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            // A listener that cannot be closed is closed.
        }
    }
}
