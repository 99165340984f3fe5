package io.posthaste.send;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.AsciiString;
import io.posthaste.job.Header;
import io.posthaste.job.Reply;
import io.posthaste.job.SignedRequest;
import java.time.Duration;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.NettyOutbound;
import reactor.netty.http.client.HttpClientRequest;

/** Puts a request on the wire and makes a reply of what becomes of it. */
final class Exchanges {
    private final HttpClients clients;
    private final String userAgent;
    private final LongSupplier nanoTime;

    Exchanges(HttpClients clients, String userAgent, LongSupplier nanoTime) {
        this.clients = clients;
        this.userAgent = userAgent;
        this.nanoTime = nanoTime;
    }

    /**
     * Sends once, and a second time where a kept connection had ended, when subscribed to; never signals an error.
     *
     * @param signed with a method that is one of HTTP's
     * @param token what {@code Authorization} says unless the request does; null for nothing
     */
    Mono<Reply> exchange(
            Reach reach,
            Target target,
            SignedRequest signed,
            @Nullable String token,
            Duration deadline,
            AnswerRoom room) {
        boolean proxied = reach.proxied().test(target);
        return Mono.create(
                sink -> start(new Exchange(sink, deadline, room, proxied, nanoTime), reach, target, signed, token));
    }

    private void start(Exchange exchange, Reach reach, Target target, SignedRequest signed, @Nullable String token) {
        HttpMethod method = HttpMethod.valueOf(signed.request().method());
        BiFunction<HttpClientRequest, NettyOutbound, Publisher<Void>> writer = (head, outbound) -> {
            outbound.withConnection(connection -> {
                clients.guard(connection.channel());
                exchange.travelsOn(connection.channel());
            });
            exchange.sends(head.requestHeaders());
            return write(target, signed, token, head, outbound);
        };
        exchange.start(
                clients.request(reach, target, method, writer),
                () -> clients.requestOnFreshConnection(reach, target, method, writer),
                clients.timer());
    }

    private Publisher<Void> write(
            Target target,
            SignedRequest signed,
            @Nullable String token,
            HttpClientRequest request,
            NettyOutbound outbound) {
        byte[] body = signed.request().body();
        HttpHeaders headers = request.requestHeaders().clear();
        headers.add(HttpHeaderNames.HOST, target.hostHeader());
        addUnlessSet(headers, HttpHeaderNames.USER_AGENT, userAgent, signed);
        addUnlessSet(headers, HttpHeaderNames.ACCEPT, "*/*", signed);
        signed.headers().forEach(header -> headers.add(header.name(), header.value()));
        signed.request().headers().forEach(header -> headers.add(header.name(), header.value()));
        String authorization = token != null ? token : target.authorization();
        if (authorization != null) {
            addUnlessSet(headers, HttpHeaderNames.AUTHORIZATION, authorization, signed);
        }
        // Head and body leave in one write; the length is that of the array, never the sender's word (REQ-3).
        return body.length == 0 ? outbound : outbound.sendObject(Unpooled.wrappedBuffer(body));
    }

    private static void addUnlessSet(HttpHeaders headers, CharSequence name, String value, SignedRequest signed) {
        for (Header own : signed.request().headers()) {
            if (AsciiString.contentEqualsIgnoreCase(name, own.name())) {
                return;
            }
        }
        headers.add(name, value);
    }
}
