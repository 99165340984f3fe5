package io.posthaste.send;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.util.AttributeKey;
import io.posthaste.send.address.DialGuard;
import reactor.netty.NettyPipeline;

/**
 * Puts the guards where they see what is dialled and what is answered. With HTTP/2 the connection is dialled once and each
 * request has a stream of its own, with a guard of its own: the same rules for its answer, whatever the others do.
 */
final class ChannelGuards {
    private static final String DIAL = "dial-guard";
    private static final String RESPONSE = "response-guard";
    private static final String CLOCK = "clock";
    private static final String PEER = "peer";

    /** Of a connection with streams: whether there was one. */
    private static final AttributeKey<Boolean> USED = AttributeKey.valueOf("posthaste.used");

    private ChannelGuards() {}

    /** On a connection that speaks HTTP/1.1. */
    static void install(Channel channel, Via via, int maxResponseBytes, ChannelHandler watch) {
        channel.pipeline()
                .addFirst(DIAL, new DialGuard(via::permits))
                .addAfter(NettyPipeline.HttpCodec, RESPONSE, new ResponseGuard(maxResponseBytes, false))
                .addAfter(NettyPipeline.HttpCodec, CLOCK, new ConnectionClock(System::nanoTime))
                .addAfter(NettyPipeline.HttpCodec, PEER, watch);
    }

    /** On a connection whose protocol is not known yet: what reads answers is put in by {@link #ensure}. */
    static void installBeforeAlpn(Channel channel, Via via, ChannelHandler watch) {
        channel.pipeline()
                .addFirst(DIAL, new DialGuard(via::permits))
                .addAfter(NettyPipeline.SslHandler, CLOCK, new ConnectionClock(System::nanoTime))
                .addAfter(NettyPipeline.SslHandler, PEER, watch);
    }

    /** Before a request is written. Called on the event loop of the channel. */
    static void ensure(Channel channel, int maxResponseBytes) {
        if (ResponseGuard.of(channel) != null) {
            return;
        }
        if (channel instanceof Http2StreamChannel stream) {
            ConnectionClock dialled = ConnectionClock.of(stream.parent());
            boolean first = stream.parent().attr(USED).getAndSet(true) == null;
            channel.pipeline()
                    .addAfter(NettyPipeline.H2ToHttp11Codec, RESPONSE, new ResponseGuard(maxResponseBytes, !first))
                    .addAfter(NettyPipeline.H2ToHttp11Codec, CLOCK, dialled.ofStream());
        } else {
            channel.pipeline()
                    .addAfter(NettyPipeline.HttpCodec, RESPONSE, new ResponseGuard(maxResponseBytes, false))
                    .addAfter(
                            NettyPipeline.HttpCodec,
                            CLOCK + "-again",
                            ConnectionClock.of(channel).ofStream());
        }
    }
}
