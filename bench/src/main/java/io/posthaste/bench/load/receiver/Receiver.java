package io.posthaste.bench.load.receiver;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.timeout.IdleStateHandler;
import io.posthaste.bench.load.process.ReceiverKeys;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The receiver's process. Arguments: port and control port, 0 for free ones, and {@code every-address} to listen on all of
 * this machine's addresses, {@code close-idle:5000} to close connections after 5 s without traffic,
 * {@code tls:FILE} to speak TLS. Prints
 * {@code receiver PORT CONTROL-PORT} when both listen, and ends when its standard input does, so that no receiver outlives its load test.
 *
 * <p>With {@code RECEIVER_SIGNING_KEY} in the environment, one request in 64 has its signature checked.
 */
public final class Receiver {
    /** Begins the argument that says after how many milliseconds without traffic a connection is closed. */
    public static final String CLOSE_IDLE = "close-idle:";

    /** Begins the argument that names the key store it speaks TLS with. */
    public static final String TLS = "tls:";

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
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(
                1, Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        EventLoop loop = group.next();
        Channel listening = listen(address(arguments), group, recorder, idleMillis(arguments), tls(arguments));
        int control = ControlServer.start(Integer.parseInt(arguments[1]), loop, recorder);
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
        if (file.isEmpty()) {
            return null;
        }
        char[] password = ReceiverKeys.PASSWORD.toCharArray();
        try {
            KeyStore store = KeyStore.getInstance(new File(file.get()), password);
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, password);
            return SslContextBuilder.forServer(keys).build();
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot use the keys in " + file.get(), e);
        }
    }

    /** What stands behind this beginning. */
    private static Optional<String> argument(String[] arguments, String beginning) {
        return Arrays.stream(arguments)
                .filter(argument -> argument.startsWith(beginning))
                .map(argument -> argument.substring(beginning.length()))
                .findFirst();
    }

    private static Channel listen(
            InetSocketAddress address,
            EventLoopGroup group,
            Recorder recorder,
            long idleMillis,
            @Nullable SslContext tls)
            throws InterruptedException {
        Class<? extends ServerChannel> type =
                Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        return new ServerBootstrap()
                .group(group)
                .channel(type)
                .option(ChannelOption.SO_BACKLOG, 4096)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (idleMillis > 0) {
                            channel.pipeline().addLast(new IdleStateHandler(0, 0, idleMillis, TimeUnit.MILLISECONDS));
                        }
                        if (tls != null) {
                            channel.pipeline().addLast(tls.newHandler(channel.alloc()));
                        }
                        channel.pipeline().addLast(new RequestHandler(recorder));
                    }
                })
                .bind(address)
                .sync()
                .channel();
    }

    private static @Nullable SignatureCheck signatureCheck(@Nullable String key) {
        return key == null || key.isEmpty() ? null : new SignatureCheck(key, CHECK_EVERY);
    }
}
