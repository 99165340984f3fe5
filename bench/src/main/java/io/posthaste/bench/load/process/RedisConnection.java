package io.posthaste.bench.load.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One blocking connection that speaks RESP2: enough for what a load test asks of Redis. */
public final class RedisConnection implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    private RedisConnection(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        this.out = socket.getOutputStream();
    }

    /** Redis answered with an error. */
    public static final class RedisError extends IOException {
        private static final long serialVersionUID = 1L;

        RedisError(String message) {
            super(message);
        }
    }

    /** Connects, logs in and selects the database. */
    public static RedisConnection open(RedisAddress address) throws IOException {
        return open(address, 0);
    }

    /** The same, with so long to wait for each answer; 0 for ever. */
    public static RedisConnection open(RedisAddress address, int answerMillis) throws IOException {
        Socket socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(answerMillis);
        socket.connect(new InetSocketAddress(address.host(), address.port()), 2_000);
        RedisConnection connection = new RedisConnection(socket);
        if (address.password() != null) {
            connection.call("AUTH", address.user() == null ? "default" : address.user(), address.password());
        }
        if (address.database() != 0) {
            connection.call("SELECT", Integer.toString(address.database()));
        }
        return connection;
    }

    /** Sends one command and waits: a String, a Long, a List of such, or null. */
    public @Nullable Object call(String... words) throws IOException {
        List<byte[]> encoded = new ArrayList<>();
        for (String word : words) {
            encoded.add(word.getBytes(UTF_8));
        }
        out.write(encode(encoded));
        return read();
    }

    /** One command as it goes over the wire. */
    public static byte[] encode(List<byte[]> words) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(("*" + words.size() + "\r\n").getBytes(UTF_8));
        for (byte[] word : words) {
            bytes.writeBytes(("$" + word.length + "\r\n").getBytes(UTF_8));
            bytes.writeBytes(word);
            bytes.writeBytes(new byte[] {'\r', '\n'});
        }
        return bytes.toByteArray();
    }

    /** The integer answer of a command; 0 when it answers nothing. */
    public long number(String... words) throws IOException {
        return call(words) instanceof Long number ? number : 0;
    }

    /** {@code INFO section} as names and values. */
    public Map<String, String> info(String section) throws IOException {
        Map<String, String> fields = new TreeMap<>();
        String.valueOf(call("INFO", section))
                .lines()
                .filter(line -> line.contains(":"))
                .forEach(line -> {
                    int colon = line.indexOf(':');
                    fields.put(line.substring(0, colon), line.substring(colon + 1));
                });
        return fields;
    }

    /** Bytes as they are: for a producer that writes many commands at once and counts the answers. */
    public void write(byte[] bytes, int length) throws IOException {
        out.write(bytes, 0, length);
    }

    /** The next answer; an error answer is thrown, and the connection stays usable. */
    public @Nullable Object read() throws IOException {
        int type = in.read();
        String line = readLine();
        return switch (type) {
            case '+' -> line;
            case '-' -> throw new RedisError(line);
            case ':' -> Long.parseLong(line);
            case '$' -> readBulk(Integer.parseInt(line));
            case '*' -> readList(Integer.parseInt(line));
            default -> throw new EOFException("Redis closed the connection");
        };
    }

    @Override
    public void close() {
        hangUp();
    }

    /** Ends the connection; a thread waiting in {@link #read} wakes with an exception. */
    public void hangUp() {
        try {
            socket.close();
        } catch (IOException e) {
            // A connection that cannot be closed is closed.
        }
    }

    private @Nullable String readBulk(int length) throws IOException {
        if (length < 0) {
            return null;
        }
        byte[] bytes = in.readNBytes(length + 2);
        if (bytes.length < length + 2) {
            throw new EOFException("Redis closed the connection");
        }
        return new String(bytes, 0, length, UTF_8);
    }

    private @Nullable List<@Nullable Object> readList(int length) throws IOException {
        if (length < 0) {
            return null;
        }
        List<@Nullable Object> items = new ArrayList<>(length);
        for (int i = 0; i < length; i++) {
            items.add(read());
        }
        return items;
    }

    private String readLine() throws IOException {
        StringBuilder line = new StringBuilder(32);
        int next;
        while ((next = in.read()) != '\n') {
            if (next < 0) {
                throw new EOFException("Redis closed the connection");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }
}
