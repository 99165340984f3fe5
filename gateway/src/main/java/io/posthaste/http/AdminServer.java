package io.posthaste.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.timeout.WriteTimeoutHandler;
import io.netty.util.AttributeKey;
import io.posthaste.config.ServerTls;
import io.posthaste.job.Header;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.NettyPipeline;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/**
 * The HTTP listener of the API. Its one event loop is its own, so that no caller, however slow or busy, takes time from
 * deliveries; every wait and every size is bounded (ADM-1, ADM-9).
 */
public final class AdminServer {
    private static final Logger log = LoggerFactory.getLogger(AdminServer.class);
    private static final int STALLED_SECONDS = 30;

    /** Connections beyond the limit, for health checks; each has a second for its request. */
    private static final int RESERVE = 16;

    private static final Duration PROBE = Duration.ofSeconds(1);
    private static final Set<String> PROBES = Set.of("/healthz", "/readyz");
    private static final AttributeKey<Boolean> CROWDED = AttributeKey.valueOf(AdminServer.class, "crowded");

    private final String host;
    private final int port;
    private final Limits limits;
    private final @Nullable ServerKeys keys;
    private final Disposable.Swap watching = Disposables.swap();
    private final IntFunction<Api> apiForPort;
    private @Nullable LoopResources loops;
    private @Nullable DisposableServer server;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong crowds = new AtomicLong();

    /**
     * How many clients there may be, and how long each may take: for its first head, for the next after an answer, for a
     * body, between two reads.
     */
    public record Limits(int connections, Duration firstHead, Duration nextHead, Duration body, Duration read) {
        private static final int CONNECTIONS = 256;

        public static final Limits DEFAULT = new Limits(
                CONNECTIONS,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(10),
                Duration.ofSeconds(5));

        /** Our own deliveries to the bin come over as many connections again: they must not keep people out. */
        public Limits withBin() {
            return new Limits(2 * CONNECTIONS, firstHead, nextHead, body, read);
        }
    }

    /**
     * @param behindProxy whether a proxy in front takes care of TLS
     * @param apiForPort what answers, made when the port is known: it is part of the allowed hosts
     */
    public AdminServer(String host, int port, boolean behindProxy, Limits limits, IntFunction<Api> apiForPort) {
        this(host, port, behindProxy, ServerTls.NONE, limits, apiForPort);
    }

    /**
     * The same.
     *
     * @param tls what it shows of itself, if it speaks TLS
     */
    public AdminServer(
            String host, int port, boolean behindProxy, ServerTls tls, Limits limits, IntFunction<Api> apiForPort) {
        if (!behindProxy && !tls.hasCertificate() && !isLoopback(host)) {
            throw new UnsafeListenerException(host);
        }
        this.keys = tls.hasCertificate() ? new ServerKeys(Path.of(tls.certificate()), Path.of(tls.key())) : null;
        this.host = host;
        this.port = port;
        this.limits = limits;
        this.apiForPort = apiForPort;
    }

    /** Binds and answers from then on. Blocks until bound. */
    public InetSocketAddress start() {
        loops = LoopResources.create("posthaste-admin", 1, true);
        Api[] api = new Api[1];
        if (keys != null) {
            watching.update(keys.watch(Schedulers.boundedElastic()));
        }
        server = configured(loops)
                .handle((request, response) -> serve(api[0], request, response))
                .doOnBound(bound -> api[0] = apiForPort.apply(((InetSocketAddress) bound.address()).getPort()))
                .bindNow(Duration.ofSeconds(10));
        return (InetSocketAddress) server.address();
    }

    /** Stops listening and lets answers under way finish for a moment. */
    public void stop() {
        watching.dispose();
        if (server != null && loops != null) {
            server.disposeNow(Duration.ofSeconds(3));
            loops.disposeLater(Duration.ZERO, Duration.ofSeconds(1)).block(Duration.ofSeconds(3));
        }
    }

    private HttpServer configured(LoopResources loops) {
        HttpServer plain = HttpServer.create()
                .host(host)
                .port(port)
                .runOn(loops)
                .protocol(HttpProtocol.HTTP11)
                .httpRequestDecoder(decoder ->
                        decoder.maxInitialLineLength(4096).maxHeaderSize(8192).allowDuplicateContentLengths(false))
                .readTimeout(limits.read())
                .requestTimeout(limits.body())
                .maxKeepAliveRequests(100)
                .doOnChannelInit((observer, channel, remote) -> admit(channel));
        ServerKeys own = keys;
        return own == null ? plain : plain.secure(ssl -> ssl.sslContext(context(own)));
    }

    private static SslContext context(ServerKeys keys) {
        try {
            return SslContextBuilder.forServer(keys)
                    .sslProvider(SslProvider.JDK)
                    .protocols("TLSv1.3", "TLSv1.2")
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("this Java runtime has no TLS", e);
        }
    }

    /** Counted here and not by the server, which would log a stack trace for each that it refuses. */
    private void admit(Channel channel) {
        int now = open.incrementAndGet();
        channel.closeFuture().addListener(closed -> open.decrementAndGet());
        boolean crowded = now > limits.connections();
        channel.attr(CROWDED).set(crowded);
        if (crowded) {
            tellCrowd();
        }
        if (now > limits.connections() + RESERVE) {
            var unused = channel.close();
            return;
        }
        channel.pipeline()
                .addAfter(
                        NettyPipeline.HttpCodec,
                        "headDeadline",
                        crowded
                                ? new HeadDeadline(PROBE, PROBE)
                                : new HeadDeadline(limits.firstHead(), limits.nextHead()));
    }

    private void tellCrowd() {
        long times = crowds.incrementAndGet();
        if (Long.bitCount(times) == 1) {
            log.atWarn()
                    .addKeyValue("most", limits.connections())
                    .addKeyValue("times", times)
                    .log("api.crowded");
        }
    }

    /** Beyond the limit whoever asks how the gateway does is answered, and nobody else. */
    private static Mono<Void> serve(Api api, HttpServerRequest request, HttpServerResponse response) {
        boolean[] crowded = {false};
        request.withConnection(connection -> crowded[0] =
                Boolean.TRUE.equals(connection.channel().attr(CROWDED).get()));
        if (crowded[0]) {
            response.keepAlive(false);
        }
        return crowded[0] && !PROBES.contains(request.uri())
                ? write(full(), response)
                : api.answer(read(request)).flatMap(answer -> write(answer, response));
    }

    private static Response full() {
        return new ApiProblem(
                        ApiProblem.Kind.UNAVAILABLE, "too many connections to the API; close some, or keep fewer open")
                .answer("")
                .with("Retry-After", "1");
    }

    private static Api.Request read(HttpServerRequest request) {
        var headers = request.requestHeaders();
        InetSocketAddress remote = request.remoteAddress();
        String address = remote == null ? "" : remote.getAddress().getHostAddress();
        Guard.Head head = new Guard.Head(
                request.method().name(),
                request.uri(),
                headers.getAll(HttpHeaderNames.HOST),
                headers.getAll(HttpHeaderNames.AUTHORIZATION),
                address);
        List<Header> all = headers.entries().stream()
                .map(entry -> new Header(entry.getKey(), entry.getValue()))
                .toList();
        return new Api.Request(
                head,
                all,
                announced(headers.get(HttpHeaderNames.CONTENT_LENGTH)),
                request.receive().asByteArray());
    }

    private static long announced(@Nullable String contentLength) {
        return contentLength != null && contentLength.matches("[0-9]{1,18}") ? Long.parseLong(contentLength) : 0;
    }

    private static Mono<Void> write(Response answer, HttpServerResponse response) {
        response.status(answer.status());
        SecurityHeaders.ALL.forEach(header -> response.header(header.name(), header.value()));
        answer.headers().forEach(header -> response.header(header.name(), header.value()));
        if (!answer.contentType().isEmpty()) {
            response.header(HttpHeaderNames.CONTENT_TYPE, answer.contentType());
        }
        if (answer.status() == 413) {
            // The rest of the body is not worth reading only to keep the connection.
            response.keepAlive(false);
        }
        if (answer.events() != null) {
            return stream(answer.events(), response);
        }
        if (answer.body().length == 0) {
            return response.send().then();
        }
        response.header(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(answer.body().length));
        return response.sendByteArray(Mono.just(answer.body())).then();
    }

    /** Each event is sent at once. While the client does not read, events are left out; when it never does, it is cut off. */
    private static Mono<Void> stream(Flux<byte[]> events, HttpServerResponse response) {
        Channel[] channel = new Channel[1];
        response.withConnection(connection -> {
            channel[0] = connection.channel();
            connection.addHandlerFirst(new WriteTimeoutHandler(STALLED_SECONDS));
        });
        Flux<ByteBuf> wanted = events.filter(event -> channel[0].isWritable()).map(Unpooled::wrappedBuffer);
        return response.send(wanted, event -> true).then();
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException unknown) {
            return false;
        }
    }
}
