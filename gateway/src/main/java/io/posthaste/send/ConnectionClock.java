package io.posthaste.send;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.AttributeKey;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.function.LongSupplier;

/** When a connection was dialled, made and secured, and when its latest answer began. Read by whoever used it, from any thread. */
final class ConnectionClock extends ChannelDuplexHandler {
    private static final AttributeKey<ConnectionClock> CLOCK = AttributeKey.valueOf(ConnectionClock.class, "clock");

    private final LongSupplier nanoTime;
    private volatile String address = "";
    private volatile long dialledAt;
    private volatile long connectedAt;
    private volatile long securedAt;
    private volatile long answeredAt;
    private boolean awaits;

    ConnectionClock(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    static ConnectionClock of(Channel channel) {
        return channel.attr(CLOCK).get();
    }

    /** Of one stream, or of the protocol that was agreed on: the same connection, and answers of its own. */
    ConnectionClock ofStream() {
        ConnectionClock own = new ConnectionClock(nanoTime);
        own.address = address;
        own.dialledAt = dialledAt;
        own.connectedAt = connectedAt;
        own.securedAt = securedAt;
        return own;
    }

    /** Steady nanoseconds, 0 for not yet. */
    long dialledAt() {
        return dialledAt;
    }

    long connectedAt() {
        return connectedAt;
    }

    /** 0 without TLS, too. */
    long securedAt() {
        return securedAt;
    }

    /** When the answer to the latest request began. */
    long answeredAt() {
        return answeredAt;
    }

    /** A request is written next. Called on the event loop of the connection. */
    void starts() {
        answeredAt = 0;
        awaits = true;
    }

    /** With its port; empty before it was dialled. */
    String address() {
        return address;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        context.channel().attr(CLOCK).set(this);
    }

    @Override
    public void connect(
            ChannelHandlerContext context, SocketAddress remote, SocketAddress local, ChannelPromise dialled) {
        dialledAt = nanoTime.getAsLong();
        if (remote instanceof InetSocketAddress to && to.getAddress() != null) {
            address = NetUtil.toSocketAddressString(to);
        }
        dialled.addListener(made -> connectedAt = made.isSuccess() ? nanoTime.getAsLong() : 0);
        var unused = context.connect(remote, local, dialled);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (awaits) {
            awaits = false;
            answeredAt = nanoTime.getAsLong();
        }
        context.fireChannelRead(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
            securedAt = nanoTime.getAsLong();
        }
        context.fireUserEventTriggered(event);
    }
}
