package io.posthaste.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection whose next request head is not complete in time: the server's own time limits begin behind the
 * head, so a client that drips header bytes would hold a connection for ever (ADM-9). One per connection.
 */
final class HeadDeadline extends ChannelDuplexHandler {
    private final long firstMillis;
    private final long nextMillis;
    private int unanswered;
    private @Nullable Future<?> deadline;

    /**
     * @param first from the connection's beginning to the first complete head
     * @param next from an answer to the next complete head; also how long an idle connection is kept
     */
    HeadDeadline(Duration first, Duration next) {
        this.firstMillis = first.toMillis();
        this.nextMillis = next.toMillis();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        arm(context, firstMillis);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        disarm();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (message instanceof HttpRequest) {
            unanswered++;
            disarm();
        }
        super.channelRead(context, message);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
        super.write(context, message, promise);
        boolean interim =
                message instanceof HttpResponse response && response.status().code() < 200;
        // Requests may be pipelined: the wait begins when all that came were answered.
        if (message instanceof LastHttpContent && !interim && --unanswered <= 0) {
            unanswered = 0;
            arm(context, nextMillis);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        disarm();
        super.channelInactive(context);
    }

    private void arm(ChannelHandlerContext context, long millis) {
        disarm();
        deadline = context.executor().schedule(() -> close(context), millis, TimeUnit.MILLISECONDS);
    }

    private static void close(ChannelHandlerContext context) {
        var unused = context.close();
    }

    private void disarm() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }
}
