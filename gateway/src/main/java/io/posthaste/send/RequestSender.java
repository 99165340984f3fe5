package io.posthaste.send;

import io.posthaste.connection.Connection;
import io.posthaste.job.Header;
import io.posthaste.job.NoAnswerCause;
import io.posthaste.job.RenderedRequest;
import io.posthaste.job.Reply;
import io.posthaste.job.SignedRequest;
import io.posthaste.send.peer.Peers;
import io.posthaste.send.token.Tokens;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Sends signed requests, one request on the wire per call, and a second one where a kept connection ended before it
 * brought anything of an answer. Whatever the network does is a {@link Reply}.
 */
public final class RequestSender {
    private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "PATCH", "DELETE");
    private static final int UNAUTHORIZED = 401;

    private final HttpClients clients;
    private final Exchanges exchanges;
    private final Connections connections;
    private final HeaderRules rules;
    private final Set<Integer> allowPorts;

    /**
     * @param allowPorts ports that may be dialled though browsers refuse them
     * @param version the product's version, for {@code User-Agent}
     * @param nanoTime a steady clock, in nanoseconds
     */
    public RequestSender(
            HttpClients clients, HeaderRules rules, Set<Integer> allowPorts, String version, LongSupplier nanoTime) {
        this(clients, rules, allowPorts, version, nanoTime, name -> null, InstantSource.system());
    }

    /**
     * The same.
     *
     * @param known how receivers are reached that are not reached as everybody is; null for a name that nobody has
     * @param clock tells what tokens are still good
     */
    public RequestSender(
            HttpClients clients,
            HeaderRules rules,
            Set<Integer> allowPorts,
            String version,
            LongSupplier nanoTime,
            Function<String, @Nullable Connection> known,
            InstantSource clock) {
        this.clients = clients;
        this.rules = rules;
        this.allowPorts = allowPorts;
        this.exchanges = new Exchanges(clients, "Posthaste/" + version, nanoTime);
        this.connections = new Connections(clients, exchanges, known, clock);
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

    /** As {@link #send(Target, SignedRequest, Terms)}; a URL that cannot be dialled is a reply, too (M12). */
    public Mono<Reply> send(SignedRequest signed, Terms terms) {
        try {
            return send(targetOf(signed.request()), signed, terms);
        } catch (InvalidUrlException e) {
            return Mono.just(invalid("invalid URL after rendering: " + e.problem()));
        }
    }

    /**
     * On what terms a request is sent.
     *
     * @param deadline from the start of connecting to the last byte of the answer (M55)
     * @param room of which a large answer takes its part before it is read
     * @param connection name of how its receiver is reached; null for as everybody is
     */
    public record Terms(
            Duration deadline, AnswerRoom room, @Nullable String connection) {
        /** As everybody is reached, and nobody counts its answer. */
        public Terms(Duration deadline) {
            this(deadline, AnswerRoom.UNCOUNTED, null);
        }
    }

    /**
     * Sends one request when subscribed to, and never signals an error. Headers are checked once more before anything
     * is dialled (F7); the reply is complete or it is {@link Reply.NoAnswer}.
     *
     * @param target what {@link #targetOf} made of the same request
     */
    public Mono<Reply> send(Target target, SignedRequest signed, Terms terms) {
        String problem = problemWith(signed);
        if (problem != null) {
            return Mono.just(invalid(problem));
        }
        String name = terms.connection();
        return name == null
                ? exchanges.exchange(clients.usual(), target, signed, null, terms.deadline(), terms.room())
                : Mono.defer(() -> sendBy(name, target, signed, terms));
    }

    private Mono<Reply> sendBy(String name, Target target, SignedRequest signed, Terms terms) {
        Connections.Way way = connections.find(name);
        if (way == null) {
            return Mono.just(invalid("there is no connection " + name + ": PUT /v1/connections/" + name));
        }
        Tokens tokens = way.tokens();
        return tokens == null
                ? exchanges.exchange(way.reach(), target, signed, null, terms.deadline(), terms.room())
                : tokens.get()
                        .flatMap(grant -> withToken(way.reach(), tokens, grant, target, signed, terms))
                        .timeout(terms.deadline(), Mono.just(late(terms.deadline())));
    }

    /** A receiver that refuses a token may only have forgotten it: the attempt is made once more, with a new one. */
    private Mono<Reply> withToken(
            Reach reach, Tokens tokens, Tokens.Grant grant, Target target, SignedRequest signed, Terms terms) {
        return exchange(reach, grant, target, signed, terms).flatMap(reply -> {
            if (!(grant instanceof Tokens.Grant.Token token
                    && reply instanceof Reply.Answered answer
                    && answer.status() == UNAUTHORIZED)) {
                return Mono.just(reply);
            }
            tokens.refused(token);
            return tokens.get().flatMap(renewed -> exchange(reach, renewed, target, signed, terms));
        });
    }

    private Mono<Reply> exchange(Reach reach, Tokens.Grant grant, Target target, SignedRequest signed, Terms terms) {
        return switch (grant) {
            case Tokens.Grant.Token token ->
                exchanges.exchange(reach, target, signed, token.authorization(), terms.deadline(), terms.room());
            case Tokens.Grant.None none -> Mono.just(none.reply());
        };
    }

    private static Reply late(Duration deadline) {
        return new Reply.NoAnswer(
                NoAnswerCause.TIMEOUT, "timeout after " + deadline.toMillis() + " ms", deadline.toMillis());
    }

    /** Connections by host, as they are now. */
    public Map<String, ConnectionPools.Held> connections() {
        return clients.pools().byHost();
    }

    /** What was found out of hosts as connections to them were made. */
    public Peers peers() {
        return clients.peers();
    }

    /** How long answers wait now until this process gets to them. */
    public Duration loopDelay() {
        return clients.loopDelay();
    }

    /** Answers every request under way as {@link NoAnswerCause#STOPPED}; nothing can be sent afterwards. */
    public void abandon() {
        clients.abandon();
    }

    private @Nullable String problemWith(SignedRequest signed) {
        String method = signed.request().method();
        if (!METHODS.contains(method)) {
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
