package io.posthaste.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** An HTTP proxy that connects for those who may, to loopback whatever the name. */
public final class ConnectProxy implements AutoCloseable {
    private final ServerSocket listener;
    private final String credentials;
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final Map<String, Integer> ports = new ConcurrentHashMap<>();

    private ConnectProxy(ServerSocket listener, String credentials) {
        this.listener = listener;
        this.credentials = credentials;
    }

    /** @param credentials as {@code Proxy-Authorization} must have them; empty for anybody */
    public static ConnectProxy start(String credentials) {
        try {
            ConnectProxy proxy =
                    new ConnectProxy(new ServerSocket(0, 16, InetAddress.getLoopbackAddress()), credentials);
            Thread.ofVirtual().start(proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public int port() {
        return listener.getLocalPort();
    }

    public String url() {
        return "http://127.0.0.1:" + port();
    }

    /** Where this host is. */
    public ConnectProxy knows(String host, int port) {
        ports.put(host, port);
        return this;
    }

    /** {@code host:port} of everything it was asked to connect to. */
    public List<String> asked() {
        return List.copyOf(asked);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            InputStream in = client.getInputStream();
            BufferedReader head = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII), 1);
            String line = head.readLine();
            boolean may = credentials.isEmpty();
            for (String header = head.readLine(); header != null && !header.isEmpty(); header = head.readLine()) {
                may |= header.equalsIgnoreCase("Proxy-Authorization: " + credentials);
            }
            String target = line.split(" ")[1];
            asked.add(target);
            if (!may) {
                say(client, "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
                return;
            }
            String host = target.substring(0, target.lastIndexOf(':'));
            int port = ports.getOrDefault(host, Integer.parseInt(target.substring(target.lastIndexOf(':') + 1)));
            try (Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
                say(client, "HTTP/1.1 200 Connected\r\n\r\n");
                Thread back = Thread.ofVirtual().start(() -> pump(server, client));
                in.transferTo(server.getOutputStream());
                server.shutdownOutput();
                back.join();
            }
        } catch (IOException e) {
            // One side is gone.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pump(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            // One side is gone.
        }
    }

    private static void say(Socket client, String text) throws IOException {
        OutputStream out = client.getOutputStream();
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
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
