package io.posthaste.send.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.posthaste.connection.Connection.OAuth2;
import io.posthaste.job.Header;
import io.posthaste.job.NoAnswerCause;
import io.posthaste.job.RenderedRequest;
import io.posthaste.job.Reply;
import io.posthaste.job.SignedRequest;
import io.posthaste.json.MalformedJson;
import io.posthaste.json.StrictJson;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The access tokens of one connection: client credentials (RFC 6749, 4.4). One token serves all attempts until shortly before
 * it ends; however many want a new one, the endpoint is asked once. An endpoint that gives none is left alone for a while, and
 * everybody is told the same until then.
 */
public final class Tokens {
    /** What is not said to last longer is used so long (RFC 6749 leaves it to documentation). */
    private static final Duration USUALLY = Duration.ofMinutes(5);

    /** Before its end a token may be refused already, by a clock that is ahead, or because it travels. */
    private static final Duration MARGIN = Duration.ofSeconds(30);

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final int LONGEST_TOKEN = 8_192;

    private final OAuth2 config;
    private final Function<SignedRequest, Mono<Reply>> endpoint;
    private final InstantSource clock;
    private final StrictJson json = new StrictJson();
    private final AtomicReference<@Nullable Mono<Grant>> asking = new AtomicReference<>();
    private volatile @Nullable Kept kept;
    private volatile int failures;

    /** What comes of a wish for a token. */
    public sealed interface Grant {
        /** @param authorization as the header of that name has it */
        record Token(String authorization) implements Grant {
            @Override
            public String toString() {
                return "Token";
            }
        }

        /** @param reply what the attempt ends with, because there is none */
        record None(Reply.NoAnswer reply) implements Grant {}
    }

    private record Kept(Grant grant, Instant until) {}

    /** @param endpoint sends a request there; never fails */
    public Tokens(OAuth2 config, Function<SignedRequest, Mono<Reply>> endpoint, InstantSource clock) {
        this.config = config;
        this.endpoint = endpoint;
        this.clock = clock;
    }

    /** The token that is kept, or a new one. Never fails. */
    public Mono<Grant> get() {
        return Mono.defer(() -> {
            Kept now = kept;
            return now != null && clock.instant().isBefore(now.until()) ? Mono.just(now.grant()) : ask();
        });
    }

    /** A receiver refused it: whoever asks next gets another one. */
    public void refused(Grant.Token token) {
        Kept now = kept;
        if (now != null && now.grant().equals(token)) {
            kept = null;
        }
    }

    private Mono<Grant> ask() {
        Mono<Grant> running = asking.get();
        if (running != null) {
            return running;
        }
        Mono<Grant> fresh = Mono.defer(() -> endpoint.apply(request()))
                .map(this::grant)
                .doOnTerminate(() -> asking.set(null))
                .cache();
        return asking.compareAndSet(null, fresh) ? fresh : get();
    }

    private SignedRequest request() {
        List<Header> headers = new ArrayList<>();
        headers.add(new Header("Content-Type", "application/x-www-form-urlencoded"));
        headers.add(new Header("Accept", "application/json"));
        StringBuilder form = new StringBuilder("grant_type=client_credentials");
        add(form, "scope", config.scope());
        add(form, "audience", config.audience());
        switch (config.method()) {
            case BASIC -> headers.add(new Header("Authorization", basic()));
            case POST -> {
                add(form, "client_id", config.clientId());
                add(form, "client_secret", config.clientSecret());
            }
            case PRIVATE_KEY_JWT -> {
                add(form, "client_id", config.clientId());
                add(form, "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
                add(form, "client_assertion", ClientAssertion.of(config, clock.instant()));
            }
        }
        byte[] body = form.toString().getBytes(StandardCharsets.UTF_8);
        return new SignedRequest(new RenderedRequest("POST", config.tokenUrl(), headers, body), List.of());
    }

    /** Each part is encoded as in a form before they are joined (RFC 6749, 2.3.1). */
    private String basic() {
        String pair = encoded(config.clientId()) + ":" + encoded(config.clientSecret());
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private static void add(StringBuilder form, String name, String value) {
        if (!value.isEmpty()) {
            form.append('&').append(name).append('=').append(encoded(value));
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private Grant grant(Reply reply) {
        return switch (reply) {
            case Reply.Answered answered -> grant(answered);
            case Reply.NoAnswer none -> none(none.detail(), none.elapsedMillis());
        };
    }

    private Grant grant(Reply.Answered answer) {
        JsonNode said = read(answer);
        String token = said.path("access_token").asText();
        String type = said.path("token_type").asText("Bearer");
        if (answer.status() != 200 || token.isEmpty() || !type.equalsIgnoreCase("Bearer") || !isPlain(token)) {
            return none(refusal(answer, said), answer.elapsedMillis());
        }
        Grant.Token granted = new Grant.Token("Bearer " + token);
        long seconds = said.path("expires_in").asLong(USUALLY.toSeconds());
        failures = 0;
        kept = new Kept(granted, clock.instant().plus(usable(Duration.ofSeconds(Math.clamp(seconds, 1, 86_400)))));
        return granted;
    }

    private static Duration usable(Duration lifetime) {
        Duration fifth = lifetime.dividedBy(5);
        return lifetime.minus(fifth.compareTo(MARGIN) < 0 ? fifth : MARGIN);
    }

    /** Visible ASCII: it becomes a header. */
    private static boolean isPlain(String token) {
        return token.length() <= LONGEST_TOKEN && token.chars().allMatch(c -> c > ' ' && c < 0x7F);
    }

    private JsonNode read(Reply.Answered answer) {
        try {
            return json.read(answer.body());
        } catch (MalformedJson notJson) {
            return MissingNode.getInstance();
        }
    }

    /** Its own code for what is wrong, if it gives one; never its other words, which may repeat what it was sent. */
    private static String refusal(Reply.Answered answer, JsonNode said) {
        String code = said.path("error").asText();
        if (code.matches("[a-z_]{1,40}")) {
            return "answered " + answer.status() + " " + code;
        }
        return "answered " + answer.status() + (said.isObject() ? " without a bearer token" : " and no JSON");
    }

    private Grant none(String why, long elapsedMillis) {
        int before = failures;
        failures = before + 1;
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(before, 6));
        Grant none = new Grant.None(
                new Reply.NoAnswer(NoAnswerCause.TOKEN, "oauth2: the token endpoint " + said(why), elapsedMillis));
        kept = new Kept(none, clock.instant().plus(pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE));
        return none;
    }

    private static String said(String why) {
        return why.startsWith("answered ") ? why : "was not reached: " + why;
    }
}
