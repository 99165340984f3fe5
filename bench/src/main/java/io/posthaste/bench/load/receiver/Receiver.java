package io.posthaste.bench.load.receiver;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The receiver's process. Arguments: port and control port, 0 for free ones, and {@code every-address} to listen on all of
 * this machine's addresses, {@code close-idle:5000} to close connections after 5 s without traffic,
 * {@code tls:FILE} to speak TLS, {@code http2} to offer HTTP/2 in that. Prints
 * {@code receiver PORT CONTROL-PORT} when both listen, and ends when its standard input does, so that no receiver outlives its load test.
 *
 * <p>With {@code RECEIVER_SIGNING_KEY} in the environment, one request in 64 has its signature checked.
 */
public final class Receiver {
    /** Begins the argument that says after how many milliseconds without traffic a connection is closed. */
    public static final String CLOSE_IDLE = "close-idle:";

    /** Begins the argument that names the key store it speaks TLS with. */
    public static final String TLS = "tls:";

    /** Says that HTTP/2 is offered. */
    public static final String HTTP2 = "http2";

    /** The one of its figures that is none since the start: the most at a time since the last look. */
    public static final String MOST_CONNECTIONS = "connections_most";

    private static final int CHECK_EVERY = 64;

    private Receiver() {}

    public static void main(String[] arguments) {
        try {
            serve(arguments);
            System.exit(0);
        } catch (IOException | InterruptedException e) {
            System.err.println("receiver: " + e.getMessage());
            System.exit(2);
        }
    }

    private static void serve(String[] arguments) throws IOException, InterruptedException {
        Recorder recorder = new Recorder(InstantSource.system(), signatureCheck(System.getenv("RECEIVER_SIGNING_KEY")));
        EventLoopGroup group = Listener.loop();
        Channel listening =
                new Listener(recorder, idleMillis(arguments), tls(arguments)).bind(address(arguments), group);
        int control = ControlServer.start(Integer.parseInt(arguments[1]), group.next(), recorder);
        int port = ((InetSocketAddress) listening.localAddress()).getPort();
        System.out.printf("receiver %d %d%n", port, control);
        while (System.in.read() >= 0) {
            // The load test never writes; it only closes.
        }
    }

    private static InetSocketAddress address(String[] arguments) {
        int port = Integer.parseInt(arguments[0]);
        return List.of(arguments).contains("every-address")
                ? new InetSocketAddress(port)
                : new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private static long idleMillis(String[] arguments) {
        return argument(arguments, CLOSE_IDLE).map(Long::parseLong).orElse(0L);
    }

    private static @Nullable SslContext tls(String[] arguments) throws IOException {
        Optional<String> file = argument(arguments, TLS);
        return file.isEmpty()
                ? null
                : Listener.tls(Path.of(file.get()), List.of(arguments).contains(HTTP2));
    }

    /** What stands behind this beginning. */
    private static Optional<String> argument(String[] arguments, String beginning) {
        return Arrays.stream(arguments)
                .filter(argument -> argument.startsWith(beginning))
                .map(argument -> argument.substring(beginning.length()))
                .findFirst();
    }

    private static @Nullable SignatureCheck signatureCheck(@Nullable String key) {
        return key == null || key.isEmpty() ? null : new SignatureCheck(key, CHECK_EVERY);
    }
}
