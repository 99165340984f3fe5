package io.posthaste.send;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.AsciiString;
import io.posthaste.job.Header;
import io.posthaste.job.NoAnswerCause;
import io.posthaste.job.RenderedRequest;
import io.posthaste.job.Reply;
import io.posthaste.job.SignedRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.NettyOutbound;
import reactor.netty.http.client.HttpClientRequest;

/**
 * Sends signed requests, one request on the wire per call, and a second one where a kept connection ended before it
 * brought anything of an answer. Whatever the network does is a {@link Reply}.
 */
public final class RequestSender {
    private static final Map<String, HttpMethod> METHODS = Map.of(
            "GET", HttpMethod.GET,
            "POST", HttpMethod.POST,
            "PUT", HttpMethod.PUT,
            "PATCH", HttpMethod.PATCH,
            "DELETE", HttpMethod.DELETE);

    private final HttpClients clients;
    private final HeaderRules rules;
    private final Set<Integer> allowPorts;
    private final String userAgent;
    private final LongSupplier nanoTime;

    /**
     * @param allowPorts ports that may be dialled though browsers refuse them
     * @param version the product's version, for {@code User-Agent}
     * @param nanoTime a steady clock, in nanoseconds
     */
    public RequestSender(
            HttpClients clients, HeaderRules rules, Set<Integer> allowPorts, String version, LongSupplier nanoTime) {
        this.clients = clients;
        this.rules = rules;
        this.allowPorts = allowPorts;
        this.userAgent = "Posthaste/" + version;
        this.nanoTime = nanoTime;
    }

    /**
     * The target of a rendered request, for callers that limit by host before they send.
     *
     * @throws InvalidUrlException when the URL cannot or must not be dialled (M12)
     */
    public Target targetOf(RenderedRequest request) {
        return Target.parse(request.url(), allowPorts);
    }

    /** Names the host of a URL as {@link Target#hostKey} does; null when it cannot or must not be dialled. */
    public @Nullable String hostKeyOf(String url) {
        try {
            return Target.parse(url, allowPorts).hostKey();
        } catch (InvalidUrlException e) {
            return null;
        }
    }

    /** As {@link #send(Target, SignedRequest, Duration, AnswerRoom)}; a URL that cannot be dialled is a reply, too (M12). */
    public Mono<Reply> send(SignedRequest signed, Duration deadline) {
        try {
            return send(targetOf(signed.request()), signed, deadline, AnswerRoom.UNCOUNTED);
        } catch (InvalidUrlException e) {
            return Mono.just(invalid("invalid URL after rendering: " + e.problem()));
        }
    }

    /**
     * Sends one request when subscribed to, and never signals an error. Headers are checked once more before anything
     * is dialled (F7); the reply is complete or it is {@link Reply.NoAnswer}.
     *
     * @param target what {@link #targetOf} made of the same request
     * @param deadline from the start of connecting to the last byte of the answer (M55)
     * @param room of which a large answer takes its part before it is read
     */
    public Mono<Reply> send(Target target, SignedRequest signed, Duration deadline, AnswerRoom room) {
        String problem = problemWith(signed);
        if (problem != null) {
            return Mono.just(invalid(problem));
        }
        return Mono.create(sink -> start(new Exchange(sink, deadline, room, nanoTime), target, signed));
    }

    /** How long answers wait now until this process gets to them. */
    public Duration loopDelay() {
        return clients.loopDelay();
    }

    /** Answers every request under way as {@link NoAnswerCause#STOPPED}; nothing can be sent afterwards. */
    public void abandon() {
        clients.abandon();
    }

    private void start(Exchange exchange, Target target, SignedRequest signed) {
        HttpMethod method = Objects.requireNonNull(METHODS.get(signed.request().method()));
        BiFunction<HttpClientRequest, NettyOutbound, Publisher<Void>> writer = (head, outbound) -> {
            outbound.withConnection(connection -> exchange.travelsBehind(ResponseGuard.of(connection.channel())));
            return write(target, signed, head, outbound);
        };
        exchange.start(
                clients.request(target, method, writer),
                () -> clients.requestOnFreshConnection(target, method, writer),
                clients.timer());
    }

    private Publisher<Void> write(
            Target target, SignedRequest signed, HttpClientRequest request, NettyOutbound outbound) {
        byte[] body = signed.request().body();
        HttpHeaders headers = request.requestHeaders().clear();
        headers.add(HttpHeaderNames.HOST, target.hostHeader());
        addUnlessSet(headers, HttpHeaderNames.USER_AGENT, userAgent, signed);
        addUnlessSet(headers, HttpHeaderNames.ACCEPT, "*/*", signed);
        signed.headers().forEach(header -> headers.add(header.name(), header.value()));
        signed.request().headers().forEach(header -> headers.add(header.name(), header.value()));
        if (target.authorization() != null) {
            addUnlessSet(headers, HttpHeaderNames.AUTHORIZATION, target.authorization(), signed);
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

    private @Nullable String problemWith(SignedRequest signed) {
        String method = signed.request().method();
        if (!METHODS.containsKey(method)) {
            return "method must be one of GET, POST, PUT, PATCH, DELETE";
        }
        String problem = rules.problemWith(signed.request().headers());
        return problem != null ? problem : problemWithOwn(signed.headers());
    }

    /** The gateway's own headers carry producers' text, such as the idempotency key. */
    private @Nullable String problemWithOwn(List<Header> headers) {
        for (Header header : headers) {
            String problem = rules.problemWithValue(header.name(), header.value());
            if (problem != null) {
                return problem;
            }
        }
        return null;
    }

    private static Reply invalid(String problem) {
        return new Reply.NoAnswer(NoAnswerCause.INVALID_REQUEST, problem, 0);
    }
}
