package io.posthaste.send.peer;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** On one connection: tells what is dialled for which host, and what is spoken then. */
public final class PeerWatch extends ChannelDuplexHandler {
    private final Peers peers;
    private final String host;

    private PeerWatch(Peers peers, String host) {
        this.peers = peers;
        this.host = host;
    }

    /** @param remote whom the connection is for; what is no internet address is not watched */
    public static ChannelHandler of(Peers peers, @Nullable SocketAddress remote) {
        String host = Peers.key(remote);
        return host == null ? new ChannelDuplexHandler() : new PeerWatch(peers, host);
    }

    @Override
    public void connect(
            ChannelHandlerContext context, SocketAddress remote, SocketAddress local, ChannelPromise dialled) {
        peers.dialled(host, remote);
        dialled.addListener(made -> {
            peers.ended(host, made.isSuccess());
            if (made.isSuccess() && context.pipeline().get(SslHandler.class) == null) {
                peers.speaks(host, "HTTP/1.1");
            }
        });
        var unused = context.connect(remote, local, dialled);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        SslHandler tls = context.pipeline().get(SslHandler.class);
        if (tls != null && event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
            boolean second = ApplicationProtocolNames.HTTP_2.equals(tls.applicationProtocol());
            peers.speaks(host, second ? "HTTP/2" : "HTTP/1.1");
        }
        context.fireUserEventTriggered(event);
    }
}
