package io.posthaste.testing;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.posthaste.job.Header;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A webhook receiver on a real socket of 127.0.0.1: plays the answers it was told and remembers the requests it saw.
 * When the script runs out it gives its usual answer, 204 unless {@link #usually} says otherwise.
 *
 * <pre>{@code
 * receiver.answers(503, 200);
 * enqueue(aJob().to(receiver.url("/hook")));
 * var first = receiver.takeRequest();
 * }</pre>
 */
public final class Receiver implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int LONGEST_BODY = 16 << 20;

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final BlockingQueue<Received> requests = new LinkedBlockingQueue<>();
    private final Queue<Answer> script = new ConcurrentLinkedQueue<>();
    private final AtomicInteger seen = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final Channel server;
    private volatile Function<Received, Answer> usual = request -> Answer.of(204);

    private Receiver(String host) {
        this.server = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .childHandler(new Connection())
                .bind(host, 0)
                .syncUninterruptibly()
                .channel();
    }

    /** Listens on a free port. */
    public static Receiver start() {
        return new Receiver("127.0.0.1");
    }

    /** The same on every address of this machine, each of which is a host of its own to the gateway. */
    public static Receiver ofManyHosts() {
        return new Receiver("0.0.0.0");
    }

    public int port() {
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    /** @param path with the leading slash, query included */
    public String url(String path) {
        return "http://127.0.0.1:" + port() + path;
    }

    /** Appends answers with these statuses and no body to the script. */
    public Receiver answers(int... statuses) {
        Arrays.stream(statuses).mapToObj(Answer::of).forEach(script::add);
        return this;
    }

    /** Appends answers to the script. */
    public Receiver answers(Answer... answers) {
        script.addAll(List.of(answers));
        return this;
    }

    /** What to answer whenever the script is empty. Runs on the receiver's event loop: it must not block. */
    public Receiver usually(Function<Received, Answer> answer) {
        this.usual = answer;
        return this;
    }

    /** The next request nobody took yet, within ten seconds. */
    public Received takeRequest() {
        return takeRequest(PATIENCE);
    }

    /**
     * The next request nobody took yet, in order of arrival.
     *
     * @throws AssertionError when none arrives in time
     */
    public Received takeRequest(Duration timeout) {
        Received request = poll(timeout);
        if (request == null) {
            throw new AssertionError("no request within " + timeout + "; seen so far: " + seen);
        }
        return request;
    }

    /** How many complete requests arrived since the start, taken or not. */
    public int requestCount() {
        return seen.get();
    }

    /** How many connections were accepted since the start. */
    public int connectionCount() {
        return connections.get();
    }

    /** Stops listening and closes every connection; closing twice is fine. */
    @Override
    public void close() {
        if (loop.isShuttingDown()) {
            return;
        }
        server.close().syncUninterruptibly();
        loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private @Nullable Received poll(Duration timeout) {
        try {
            return requests.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for a request", e);
        }
    }

    private Answer nextAnswer(Received request) {
        Answer scripted = script.poll();
        return scripted == null ? usual.apply(request) : scripted;
    }

    /**
     * A request as it arrived.
     *
     * @param path the request target byte for byte, query included
     * @param headers in order of arrival
     * @param body the raw octets; never modified after construction
     */
    public record Received(String method, String path, List<Header> headers, byte[] body) {

        /** The first header of that name, compared without case, or null. */
        public @Nullable String header(String name) {
            return headers.stream()
                    .filter(header -> header.name().equalsIgnoreCase(name))
                    .map(Header::value)
                    .findFirst()
                    .orElse(null);
        }

        /** All values of that header, in order. */
        public List<String> headers(String name) {
            return headers.stream()
                    .filter(header -> header.name().equalsIgnoreCase(name))
                    .map(Header::value)
                    .toList();
        }

        /** The body as UTF-8. */
        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        private static Received of(FullHttpRequest request) {
            List<Header> headers = new ArrayList<>();
            for (Map.Entry<String, String> header : request.headers()) {
                headers.add(new Header(header.getKey(), header.getValue()));
            }
            return new Received(
                    request.method().name(),
                    request.uri(),
                    List.copyOf(headers),
                    ByteBufUtil.getBytes(request.content()));
        }
    }

    /**
     * One scripted answer.
     *
     * @param body never modified after construction
     * @param released completes when the answer may be written; a stage that never completes is a receiver that hangs
     */
    public record Answer(int status, List<Header> headers, byte[] body, CompletionStage<?> released) {
        private static final CompletionStage<?> AT_ONCE = CompletableFuture.completedStage(null);

        public static Answer of(int status) {
            return new Answer(status, List.of(), new byte[0], AT_ONCE);
        }

        public static Answer of(int status, String body) {
            return new Answer(status, List.of(), body.getBytes(StandardCharsets.UTF_8), AT_ONCE);
        }

        /** Takes the request and never answers. */
        public static Answer never() {
            return of(204).after(new CompletableFuture<>());
        }

        public Answer with(String name, String value) {
            List<Header> more = new ArrayList<>(headers);
            more.add(new Header(name, value));
            return new Answer(status, List.copyOf(more), body, released);
        }

        /** The same answer, written only once {@code released} completes. */
        public Answer after(CompletionStage<?> released) {
            return new Answer(status, headers, body, released);
        }

        private FullHttpResponse toHttp() {
            var response = new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), Unpooled.wrappedBuffer(body));
            headers.forEach(header -> response.headers().add(header.name(), header.value()));
            if (status != 204 && status != 304) {
                HttpUtil.setContentLength(response, body.length);
            }
            return response;
        }
    }

    private final class Connection extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel channel) {
            connections.incrementAndGet();
            channel.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(LONGEST_BODY), new Player());
        }
    }

    private final class Player extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest message) {
            Received request = Received.of(message);
            Answer answer = nextAnswer(request);
            seen.incrementAndGet();
            requests.add(request);
            var unused = answer.released().thenRun(() -> write(context, answer));
        }

        private static void write(ChannelHandlerContext context, Answer answer) {
            var unused = context.writeAndFlush(answer.toHttp());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            var unused = context.close();
        }
    }
}
