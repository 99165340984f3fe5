package io.posthaste.bench.load.receiver;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.posthaste.bench.load.process.ReceiverKeys;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Takes connections, and gives each what its protocol needs.
 *
 * @param idleMillis after how long without traffic a connection is closed; 0 for never
 * @param tls null for plain HTTP
 */
record Listener(
        Recorder recorder, long idleMillis, @Nullable SslContext tls) {
    private static final ApplicationProtocolConfig OFFERED = new ApplicationProtocolConfig(
            ApplicationProtocolConfig.Protocol.ALPN,
            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
            ApplicationProtocolNames.HTTP_2,
            ApplicationProtocolNames.HTTP_1_1);

    /** The one event loop that everything of a receiver runs on. */
    static EventLoopGroup loop() {
        return new MultiThreadIoEventLoopGroup(
                1, Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    }

    /** @param http2 whether it is offered, before HTTP/1.1 */
    static SslContext tls(Path store, boolean http2) throws IOException {
        char[] password = ReceiverKeys.PASSWORD.toCharArray();
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(KeyStore.getInstance(store.toFile(), password), password);
            SslContextBuilder builder = SslContextBuilder.forServer(keys);
            if (http2) {
                builder.applicationProtocolConfig(OFFERED)
                        .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE);
            }
            return builder.build();
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot use the keys in " + store, e);
        }
    }

    Channel bind(InetSocketAddress address, EventLoopGroup group) throws InterruptedException {
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
                        prepare(channel);
                    }
                })
                .bind(address)
                .sync()
                .channel();
    }

    private void prepare(Channel channel) {
        recorder.opened();
        channel.closeFuture().addListener(closed -> recorder.closed());
        if (idleMillis > 0) {
            channel.pipeline().addLast(new ClosesIdle(idleMillis));
        }
        if (tls == null) {
            channel.pipeline().addLast(new RequestHandler(recorder));
        } else {
            channel.pipeline().addLast(tls.newHandler(channel.alloc()), new ByAgreement(recorder));
        }
    }

    private static final class ClosesIdle extends IdleStateHandler {
        ClosesIdle(long millis) {
            super(0, 0, millis, TimeUnit.MILLISECONDS);
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // nothing is left to do when closing fails
        protected void channelIdle(ChannelHandlerContext context, IdleStateEvent event) {
            // From the far end of the pipeline, so that each protocol says good-bye in its own way.
            context.channel().close();
        }
    }

    /** Waits for the end of the handshake, which says what is spoken. */
    private static final class ByAgreement extends ApplicationProtocolNegotiationHandler {
        private final Recorder recorder;

        ByAgreement(Recorder recorder) {
            super(ApplicationProtocolNames.HTTP_1_1);
            this.recorder = recorder;
        }

        @Override
        protected void configurePipeline(ChannelHandlerContext context, String protocol) {
            context.pipeline()
                    .addLast(
                            protocol.equals(ApplicationProtocolNames.HTTP_2)
                                    ? Http2Requests.handler(recorder)
                                    : new RequestHandler(recorder));
        }
    }
}
