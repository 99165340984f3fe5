package io.posthaste.send.address;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.function.Predicate;

/** The last word on every dial: the address judged here is the address the socket connects to (SSRF-5). */
public final class DialGuard extends ChannelOutboundHandlerAdapter {
    private final Predicate<InetSocketAddress> permitted;

    /** @param permitted of resolved addresses */
    public DialGuard(Predicate<InetSocketAddress> permitted) {
        this.permitted = permitted;
    }

    @Override
    public void connect(
            ChannelHandlerContext context, SocketAddress remote, SocketAddress local, ChannelPromise dialled) {
        if (permits(remote)) {
            var unused = context.connect(remote, local, dialled);
        } else {
            dialled.tryFailure(new AddressNotPermittedException());
            // Nobody else closes a channel that never connected: each refusal would leak a file descriptor (F6).
            var unused = context.close();
        }
    }

    private boolean permits(SocketAddress remote) {
        return remote instanceof InetSocketAddress address && !address.isUnresolved() && permitted.test(address);
    }
}
