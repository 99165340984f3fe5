package io.posthaste.send;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes of whatever a receiver sends at most one whole {@link Answer} per request (RSP-2, RSP-5, F12, F13, F15): interim
 * responses are dropped and counted, the body is collected up to its cap, and an answer is handed on only when no byte
 * beyond it arrived with it. Everything else ends the connection.
 *
 * <p>The client behind it is told of an answer by one empty full response, which makes it release or close the
 * connection; the answer itself goes to who expects it, once the connection is free for the next request. Lives on one
 * connection and runs on its event loop only.
 */
final class ResponseGuard extends ChannelDuplexHandler {
    private static final AttributeKey<ResponseGuard> GUARD = AttributeKey.valueOf(ResponseGuard.class, "guard");

    private static final int MOST_INTERIM_RESPONSES = 16;

    /** Bytes of an answer that are read without asking for room: each place in flight has some heap of its own. */
    private static final int SMALL = 8 << 10;

    /** What a body takes while it is collected and in the end: its buffer grows by doubling. */
    private static final int COPIES = 2;

    private static final HttpHeaders CLOSE =
            new DefaultHttpHeaders().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);

    private enum State {
        /** No request is out: whatever comes is unsolicited. */
        IDLE,
        /** A request is out and its final response has not begun. */
        AWAITING,
        /** The head of the final response was read. */
        COLLECTING,
        /** The answer is whole and waits for the end of this read: what still comes with it is too much. */
        WHOLE,
        /** Nothing more is believed. */
        CLOSED
    }

    private final int maxBodyBytes;
    private State state = State.IDLE;
    private int interim;
    private @Nullable ChannelPromise requestWritten;
    private @Nullable HttpResponse head;
    private CappedBody body;
    private boolean excess;
    private @Nullable Consumer<Answer> recipient;
    private boolean kept;
    private boolean answerBegun;
    private AnswerRoom room = AnswerRoom.UNCOUNTED;
    private long requests;
    private boolean hasRoom;
    /** Nothing more is read until there is room for it. */
    private boolean waits;

    /** @param kept whether the connection has served: when it ends, nobody looked at what came last */
    ResponseGuard(int maxBodyBytes, boolean kept) {
        this.maxBodyBytes = maxBodyBytes;
        this.kept = kept;
        this.body = new CappedBody(maxBodyBytes);
    }

    /** Null where none was put in yet. */
    static @Nullable ResponseGuard of(Channel channel) {
        return channel.attr(GUARD).get();
    }

    /** Names who gets the answer to the request that is written next. Called on the event loop of the connection. */
    void expect(Consumer<Answer> recipient, AnswerRoom room) {
        this.recipient = recipient;
        this.room = room;
        requests++;
        hasRoom = false;
        waits = false;
        answerBegun = false;
    }

    /** Whether this connection had served before, and nothing of an answer to its latest request was read. */
    boolean isStale() {
        return kept && !answerBegun;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        context.channel().attr(GUARD).set(this);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise written) {
        if (message instanceof HttpRequest && state != State.CLOSED) {
            state = State.AWAITING;
            interim = 0;
            requestWritten = written;
        }
        var unused = context.write(message, written);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof HttpObject part)) {
            context.fireChannelRead(message);
            return;
        }
        try {
            accept(context, part);
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (state == State.WHOLE) {
            handOn(context);
        } else if (!waits && (state == State.AWAITING || state == State.COLLECTING)) {
            // Reading is on demand here, and nobody else knows that the answer is not whole yet.
            context.read();
        }
        context.fireChannelReadComplete();
    }

    /**
     * A body without length ends with the connection, which anybody on the way can end: under TLS only the receiver's own
     * {@code close_notify} says that it is whole.
     */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        HttpResponse begun = head;
        if (event instanceof SslCloseCompletionEvent end
                && !end.isSuccess()
                && state == State.COLLECTING
                && begun != null
                && !HttpUtil.isContentLengthSet(begun)
                && !HttpUtil.isTransferEncodingChunked(begun)) {
            refuse(context, "TLS ended without close_notify: the answer may be cut short");
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (state == State.WHOLE) {
            handOn(context);
        }
        state = State.CLOSED;
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // After a reset the codec would still end a body without length as if it were complete.
        state = State.CLOSED;
        context.fireExceptionCaught(cause);
    }

    private void accept(ChannelHandlerContext context, HttpObject part) {
        answerBegun = true;
        switch (state) {
            case IDLE -> {
                state = State.CLOSED;
                var unused = context.close();
            }
            case AWAITING -> begin(context, part);
            case COLLECTING -> collect(context, part);
            case WHOLE -> excess = true;
            case CLOSED -> {}
        }
    }

    private void begin(ChannelHandlerContext context, HttpObject part) {
        if (part.decoderResult().isFailure()) {
            refuse(context, "malformed response");
        } else if (part instanceof HttpResponse response) {
            begin(context, response);
            if (state == State.COLLECTING && part instanceof LastHttpContent) {
                // An HTTP/2 answer without a body is one object.
                collect(context, part);
            }
        }
        // Otherwise it is the empty body of an interim response.
    }

    private void begin(ChannelHandlerContext context, HttpResponse response) {
        int status = response.status().code();
        if (status == 101) {
            refuse(context, "protocol switch nobody asked for");
        } else if (status < 100 || status > 599) {
            refuse(context, "status " + status);
        } else if (status < 200) {
            if (++interim > MOST_INTERIM_RESPONSES) {
                refuse(context, "more than " + MOST_INTERIM_RESPONSES + " interim responses");
            }
        } else if (hasUnknownFraming(response)) {
            refuse(context, "transfer encoding other than chunked");
        } else {
            head = response;
            state = State.COLLECTING;
        }
    }

    private void collect(ChannelHandlerContext context, HttpObject part) {
        if (part.decoderResult().isFailure()) {
            refuse(context, "malformed response body");
        } else if (part instanceof HttpContent content) {
            boolean last = part instanceof LastHttpContent;
            body.append(content.content(), last);
            if (last || body.isTruncated()) {
                state = State.WHOLE;
            } else if (body.size() > SMALL && !hasRoom && !waits) {
                askForRoom(context);
            }
        }
    }

    private void askForRoom(ChannelHandlerContext context) {
        long asking = requests;
        hasRoom = room.reserve(
                wanted(),
                () -> context.executor().execute(() -> {
                    if (waits && requests == asking) {
                        waits = false;
                        hasRoom = true;
                        context.read();
                    }
                }));
        waits = !hasRoom;
    }

    private long wanted() {
        HttpResponse begun = Objects.requireNonNull(head);
        long length = HttpUtil.getContentLength(begun, (long) maxBodyBytes);
        return COPIES * Math.min(length, maxBodyBytes);
    }

    private void handOn(ChannelHandlerContext context) {
        HttpResponse whole = Objects.requireNonNull(head);
        Answer answer = Answer.of(whole, body.bytes(), body.isTruncated());
        Consumer<Answer> waiting = Objects.requireNonNull(recipient);
        recipient = null;
        boolean reusable = !body.isTruncated() && !excess && isRequestWritten() && HttpUtil.isKeepAlive(whole);
        state = reusable ? State.IDLE : State.CLOSED;
        kept = reusable;
        head = null;
        body = new CappedBody(maxBodyBytes);
        context.fireChannelRead(new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.OK,
                Unpooled.EMPTY_BUFFER,
                reusable ? EmptyHttpHeaders.INSTANCE : CLOSE,
                EmptyHttpHeaders.INSTANCE));
        waiting.accept(answer);
    }

    /** An answer can overtake its request; the rest of the body must not stand before the next one. */
    private boolean isRequestWritten() {
        return requestWritten != null && requestWritten.isDone();
    }

    private void refuse(ChannelHandlerContext context, String problem) {
        state = State.CLOSED;
        context.fireExceptionCaught(new ProtocolViolationException(problem));
        var unused = context.close();
    }

    /** Anything but a lone {@code chunked} is read differently by different clients (F15). */
    private static boolean hasUnknownFraming(HttpResponse response) {
        List<String> codings = response.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
        return !codings.isEmpty() && (codings.size() > 1 || !codings.getFirst().equalsIgnoreCase("chunked"));
    }
}
