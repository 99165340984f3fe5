package io.posthaste.send;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** The last word on every dial: the address judged here is the address the socket connects to (SSRF-5). */
final class DialGuard extends ChannelOutboundHandlerAdapter {
    private final AddressPolicy policy;

    DialGuard(AddressPolicy policy) {
        this.policy = policy;
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
        return remote instanceof InetSocketAddress address
                && !address.isUnresolved()
                && policy.permits(address.getAddress().getAddress(), address.getPort());
    }
}
