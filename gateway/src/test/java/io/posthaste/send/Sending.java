package io.posthaste.send;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.posthaste.config.GatewayConfig;
import io.posthaste.job.Header;
import io.posthaste.job.RenderedRequest;
import io.posthaste.job.Reply;
import io.posthaste.job.SignedRequest;
import io.posthaste.send.address.AddressPolicy;
import io.posthaste.send.address.GuardedResolverGroup;
import io.posthaste.testing.SendSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import javax.net.ssl.SSLException;
import reactor.blockhound.BlockHound;

/** A sender for tests, and builders for what it sends. Whatever blocks an event loop fails the test. */
final class Sending implements AutoCloseable {
    /**
     * The tag of tests that watch event loops: the build runs them in a JVM of their own, because putting the watch into
     * one where threads wait already breaks their locks.
     */
    static final String WATCHED = "event-loops-watched";

    static final Duration DEADLINE = Duration.ofSeconds(4);
    static final RequestSender.Terms TERMS = new RequestSender.Terms(DEADLINE);
    static final GatewayConfig.Send CONFIG = SendSettings.toLoopback(1000, 100, 16);

    static {
        BlockHound.install();
    }

    private final HttpClients clients;
    private final RequestSender sender;

    Sending(HttpClients clients) {
        this.clients = clients;
        this.sender = new RequestSender(clients, new HeaderRules("X-CIO-"), Set.of(), "1.2.3", System::nanoTime);
    }

    /** A sender that may dial 127.0.0.1. */
    static Sending toLoopback() {
        return new Sending(HttpClients.create(
                CONFIG, AddressPolicy.of(CONFIG.allowAddresses(), List.of(), List.of()), HttpClients.Egress.DIRECT));
    }

    /** A sender as it is by default: public addresses only. */
    static Sending guarded() {
        return new Sending(HttpClients.create(CONFIG, AddressPolicy.publicOnly(), HttpClients.Egress.DIRECT));
    }

    /** A sender with names of its own, asked anew for each connection. */
    static Sending with(Names names, List<String> allow, Duration dnsTimeout) throws SSLException {
        return with(names, allow, dnsTimeout, SslContextBuilder.forClient().build());
    }

    static Sending with(Names names, List<String> allow, Duration dnsTimeout, SslContext trust) {
        AddressPolicy policy = AddressPolicy.of(allow, List.of(), List.of());
        var resolver = new GuardedResolverGroup(names, policy, dnsTimeout, Duration.ZERO);
        return new Sending(new HttpClients(CONFIG, policy, HttpClients.eventLoops(), resolver, trust));
    }

    ConnectionPools pools() {
        return clients.pools();
    }

    RequestSender sender() {
        return sender;
    }

    Reply send(SignedRequest signed) {
        return send(signed, DEADLINE);
    }

    Reply send(SignedRequest signed, Duration deadline) {
        return Objects.requireNonNull(
                sender.send(signed, new RequestSender.Terms(deadline)).block(Duration.ofSeconds(20)));
    }

    Reply get(String url) {
        return send(request("GET", url, ""));
    }

    @Override
    public void close() {
        clients.close();
    }

    static RequestSender.Terms termsWith(AnswerRoom room) {
        return new RequestSender.Terms(DEADLINE, room, null);
    }

    static SignedRequest request(String method, String url, String body, String... namesAndValues) {
        List<Header> headers = new ArrayList<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(new Header(namesAndValues[i], namesAndValues[i + 1]));
        }
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        var own = List.of(new Header("X-CIO-Idempotency-Key", "key-1"), new Header("X-CIO-Timestamp", "1613063089"));
        return new SignedRequest(new RenderedRequest(method, url, List.copyOf(headers), bytes), own);
    }
}
