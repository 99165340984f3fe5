package io.posthaste.send;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.ssl.SslContext;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.NoopDnsCache;
import io.netty.util.HashedWheelTimer;
import io.netty.util.Timer;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.posthaste.config.GatewayConfig;
import io.posthaste.connection.Connection;
import io.posthaste.job.HostPatterns;
import io.posthaste.send.address.AddressNotPermittedException;
import io.posthaste.send.address.AddressPolicy;
import io.posthaste.send.address.GuardedResolverGroup;
import io.posthaste.send.peer.PeerWatch;
import io.posthaste.send.peer.Peers;
import io.posthaste.send.tls.ClientTls;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.NettyOutbound;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientRequest;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

/**
 * The only place where HTTP clients are made: whatever the gateway dials passes the address guard and the response
 * guard (SSRF-5, SSRF-13 to SSRF-16, RSP-5, RSP-6). HTTP/1.1, and HTTP/2 where a connection asks for it, no redirects, no cookies, no decompression, a proxy
 * only where the operator or a connection names one, no second try of the client's own, certificates always verified.
 */
public final class HttpClients implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    /** Connections per host where requests share them; at the start each request dials one as long as there is none. */
    private static final int MULTIPLEXED = 8;

    /** Connections outlive answers, so this matters to new connections only. */
    private static final Duration NAMES_KEPT = Duration.ofSeconds(30);

    private static final Duration CLOSING = Duration.ofSeconds(5);
    private static final int LONGEST_HEAD = 16 * 1024;
    /** How late a deadline may fire, in milliseconds: one turn of the wheel. */
    private static final int TICK = 10;

    private final GatewayConfig.Send config;
    private final AddressPolicy policy;
    private final Egress egress;
    private final ConnectionPools pools = new ConnectionPools(System::nanoTime);
    private final LoopResources loops;
    private final GuardedResolverGroup resolver;
    private final Peers peers;
    private final Timer timer;
    private final LoopDelay delay;
    private final Reach usual;
    private final Set<Reach> others = ConcurrentHashMap.newKeySet();

    /**
     * What is between the gateway and everybody.
     *
     * @param proxy null for none
     * @param direct hosts that are reached without it
     * @param judgesNames whether a name is looked up and judged here before the proxy is asked for it
     */
    public record Egress(Connection.@Nullable Proxy proxy, HostPatterns direct, boolean judgesNames) {
        /** Nothing. */
        public static final Egress DIRECT = new Egress(null, HostPatterns.NONE, false);
    }

    /** For tests, which bring names and authorities of their own. */
    HttpClients(
            GatewayConfig.Send config,
            AddressPolicy policy,
            LoopResources loops,
            GuardedResolverGroup resolver,
            SslContext trust) {
        this(config, policy, Egress.DIRECT, loops, resolver, trust, new Peers(InstantSource.system()));
    }

    private HttpClients(
            GatewayConfig.Send config,
            AddressPolicy policy,
            Egress egress,
            LoopResources loops,
            GuardedResolverGroup resolver,
            SslContext trust,
            Peers peers) {
        this.config = config;
        this.policy = policy;
        this.egress = egress;
        this.loops = loops;
        this.resolver = resolver;
        this.peers = peers;
        this.delay = new LoopDelay(loops.onClient(true), System::nanoTime);
        this.timer =
                new HashedWheelTimer(new DefaultThreadFactory("posthaste-deadline", true), TICK, TimeUnit.MILLISECONDS);
        this.usual = reach(null, trust, false);
    }

    /** Clients that ask the system's name servers and trust the Java runtime's authorities. */
    public static HttpClients create(GatewayConfig.Send config, AddressPolicy policy, Egress egress) {
        LoopResources loops = eventLoops();
        var names = nameServers(loops, config.dnsTimeout());
        var resolver = new GuardedResolverGroup(names, policy, config.dnsTimeout(), NAMES_KEPT);
        Peers peers = new Peers(InstantSource.system());
        return new HttpClients(config, policy, egress, loops, resolver, ClientTls.byDefault(peers), peers);
    }

    /** Threads for connections: as many as cores. */
    static LoopResources eventLoops() {
        return LoopResources.create("posthaste-send", Runtime.getRuntime().availableProcessors(), true);
    }

    /** As everybody is reached who needs nothing else. */
    Reach usual() {
        return usual;
    }

    /**
     * Another way, with connections of its own, until it is retired. May block: a proxy's name is looked up.
     *
     * @param proxy null for the gateway's own, if it has one
     * @param http2 whether {@code trust} offers it
     */
    Reach reach(Connection.@Nullable Proxy proxy, SslContext trust, boolean http2) {
        ConnectionProvider connections = pools.provider(config, http2 ? MULTIPLEXED : config.connectionsPerHost());
        Via via = Via.of(proxy, egress, policy);
        Reach made = new Reach(
                connections,
                pair(connections, via, trust, http2),
                pair(ConnectionProvider.newConnection(), via, trust, http2),
                via::isUsedFor);
        others.add(made);
        return made;
    }

    /** Its connections end as they become free. */
    void retire(Reach reach) {
        others.remove(reach);
        reach.retire();
    }

    /**
     * Sends to the target when subscribed to; {@code writer} runs when the connection is ready. Emits nothing: the
     * answer goes to whoever {@link ResponseGuard#expect expects} it on that connection.
     */
    Publisher<?> request(
            Reach reach,
            Target target,
            HttpMethod method,
            BiFunction<? super HttpClientRequest, ? super NettyOutbound, ? extends Publisher<Void>> writer) {
        return request(reach.pooled().to(target), reach, target, method, writer);
    }

    /** As {@link #request}, on a connection that serves nothing else: not one of the pool's, and not counted there. */
    Publisher<?> requestOnFreshConnection(
            Reach reach,
            Target target,
            HttpMethod method,
            BiFunction<? super HttpClientRequest, ? super NettyOutbound, ? extends Publisher<Void>> writer) {
        pools.countStale();
        return request(reach.fresh().to(target), reach, target, method, writer);
    }

    private Publisher<?> request(
            HttpClient client,
            Reach reach,
            Target target,
            HttpMethod method,
            BiFunction<? super HttpClientRequest, ? super NettyOutbound, ? extends Publisher<Void>> writer) {
        InetSocketAddress address = target.address();
        if (!address.isUnresolved() && reach.proxied().test(target) && !policy.permits(address)) {
            // The proxy would dial it, and nobody would look at it again.
            return Mono.error(new AddressNotPermittedException());
        }
        // Address and path go in as parts: no second parser gets to see a URL (SSRF-7, F9).
        return client.remoteAddress(target::address)
                .request(method)
                .uri(target.pathAndQuery())
                .send(writer)
                .responseConnection((response, connection) -> Mono.empty());
    }

    /** How many connections there are, and how many requests wait for one. */
    public ConnectionPools pools() {
        return pools;
    }

    /** What was found out as connections were made. */
    Peers peers() {
        return peers;
    }

    /** How long what became ready waits for its event loop. */
    public Duration loopDelay() {
        return delay.now();
    }

    /** Fires deadlines; shared because one per request would cost more than the request. */
    Timer timer() {
        return timer;
    }

    /** Ends every exchange that still waits for its answer; nothing can be sent afterwards. */
    void abandon() {
        // Every exchange has a deadline, so the wheel is also the list of them.
        timer.stop().forEach(deadline -> ((Exchange) deadline.task()).abandon());
    }

    /** Closes every connection and ends the threads. */
    @Override
    public void close() {
        abandon();
        Flux.fromIterable(others)
                .flatMap(reach -> reach.connections().disposeLater(), others.size() + 1)
                .blockLast(CLOSING);
        resolver.close();
        loops.disposeLater(Duration.ZERO, CLOSING).block(CLOSING.plusSeconds(1));
    }

    private Reach.Pair pair(ConnectionProvider connections, Via via, SslContext trust, boolean http2) {
        HttpClient plain = guarded(connections, via)
                .doOnChannelInit((observer, channel, remote) ->
                        ChannelGuards.install(channel, via, config.maxResponseBytes(), PeerWatch.of(peers, remote)));
        HttpClient secure = http2
                ? guarded(connections, via)
                        .protocol(HttpProtocol.H2, HttpProtocol.HTTP11)
                        .http2Settings(settings -> settings.maxHeaderListSize(LONGEST_HEAD))
                        .doOnChannelInit((observer, channel, remote) ->
                                ChannelGuards.installBeforeAlpn(channel, via, PeerWatch.of(peers, remote)))
                : plain;
        return Reach.Pair.of(plain, secure, trust);
    }

    /** What reads from this channel is guarded: of those that negotiate their protocol, once that is known. */
    void guard(Channel channel) {
        ChannelGuards.ensure(channel, config.maxResponseBytes());
    }

    private HttpClient guarded(ConnectionProvider connections, Via via) {
        HttpClient client = HttpClient.create(connections)
                .runOn(loops, true)
                .protocol(HttpProtocol.HTTP11)
                .noProxy()
                .disableRetry(true)
                .followRedirect(false)
                .compress(false)
                .resolver(resolver)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) CONNECT_TIMEOUT.toMillis())
                .option(ChannelOption.TCP_NODELAY, true)
                // A large answer is read in small steps, so that it can be stopped where it has no room.
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new AdaptiveRecvByteBufAllocator(512, 2_048, 16_384).maxMessagesPerRead(1))
                .httpResponseDecoder(spec -> spec.maxHeaderSize(LONGEST_HEAD)
                        .maxInitialLineLength(LONGEST_HEAD)
                        .allowDuplicateContentLengths(false));
        return via.over(client);
    }

    /** Netty's own resolver, because Java's blocks. No search domains: {@code redis} stays {@code redis} (SSRF-16). */
    private static AddressResolverGroup<InetSocketAddress> nameServers(LoopResources loops, Duration timeout) {
        EventLoopGroup group = loops.onClient(true);
        return new DnsAddressResolverGroup(new DnsNameResolverBuilder()
                .datagramChannelFactory(() -> loops.onChannel(DatagramChannel.class, group))
                .socketChannelFactory(() -> loops.onChannel(SocketChannel.class, group))
                .queryTimeoutMillis(timeout.toMillis())
                .ndots(0)
                .searchDomains(List.of())
                .resolveCache(NoopDnsCache.INSTANCE));
    }
}
