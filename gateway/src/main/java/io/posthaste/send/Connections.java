package io.posthaste.send;

import io.posthaste.connection.Connection;
import io.posthaste.job.NoAnswerCause;
import io.posthaste.job.Reply;
import io.posthaste.job.SignedRequest;
import io.posthaste.send.tls.ClientTls;
import io.posthaste.send.token.Tokens;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The ways to receivers that connections describe, made when they are first used and again when they change. */
final class Connections {
    /** For one answer of a token endpoint. */
    private static final Duration TOKEN_DEADLINE = Duration.ofSeconds(10);

    private final HttpClients clients;
    private final Exchanges exchanges;
    private final Function<String, @Nullable Connection> known;
    private final InstantSource clock;
    private final Map<String, Way> ways = new ConcurrentHashMap<>();

    /**
     * @param tokens what goes with each request; null for nothing
     * @param toTokens how the token endpoint is reached; null without tokens
     */
    record Way(
            long revision,
            Reach reach,
            @Nullable Tokens tokens,
            @Nullable Reach toTokens) {}

    /** @param known the connections as they are now, null for one that there is not */
    Connections(
            HttpClients clients,
            Exchanges exchanges,
            Function<String, @Nullable Connection> known,
            InstantSource clock) {
        this.clients = clients;
        this.exchanges = exchanges;
        this.known = known;
        this.clock = clock;
    }

    /** Null when there is no such connection. May take its time when it is new. */
    @Nullable
    Way find(String name) {
        Connection connection = known.apply(name);
        return ways.compute(name, (key, before) -> {
            if (connection != null && before != null && before.revision() == connection.revision()) {
                return before;
            }
            if (before != null) {
                retire(before);
            }
            return connection == null ? null : open(connection);
        });
    }

    private void retire(Way way) {
        clients.retire(way.reach());
        Reach toTokens = way.toTokens();
        if (toTokens != null) {
            clients.retire(toTokens);
        }
    }

    private Way open(Connection connection) {
        Reach reach = clients.reach(connection.proxy(), ClientTls.of(connection, clients.peers()), connection.http2());
        Connection.OAuth2 oauth2 = connection.oauth2();
        if (oauth2 == null) {
            return new Way(connection.revision(), reach, null, null);
        }
        Reach toTokens = clients.reach(connection.proxy(), ClientTls.ofOthers(connection, clients.peers()), false);
        Tokens tokens = new Tokens(oauth2, request -> ask(toTokens, request), clock);
        return new Way(connection.revision(), reach, tokens, toTokens);
    }

    private Mono<Reply> ask(Reach reach, SignedRequest request) {
        try {
            Target target = Target.parse(request.request().url(), Set.of());
            return exchanges.exchange(reach, target, request, null, TOKEN_DEADLINE, AnswerRoom.UNCOUNTED);
        } catch (InvalidUrlException invalid) {
            return Mono.just(new Reply.NoAnswer(NoAnswerCause.INVALID_REQUEST, invalid.problem(), 0));
        }
    }
}
