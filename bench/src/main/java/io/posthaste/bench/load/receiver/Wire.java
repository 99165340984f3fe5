package io.posthaste.bench.load.receiver;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;

/** The way back to whoever sent a request, in the protocol it came with. Confined to the connection's event loop. */
interface Wire {
    /** A whole answer with this status and {@code {}}; it leaves with the next {@link #flush}. */
    void answer(int status);

    /** The head of a 200, at once; its body of so many bytes follows by {@link #send}. */
    void begin(long length);

    /** Some of that body, at once; done when it is in the socket. */
    ChannelFuture send(ByteBuf piece);

    void flush();

    /** Whether anybody still waits. */
    boolean isOpen();

    /** Of the connection, which other requests may share. */
    ChannelHandlerContext context();
}
