package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.posthaste.testing.TlsServer;
import io.posthaste.testing.TlsServer.Answer;
import io.posthaste.testing.TlsServer.Seen;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** OAuth 2 client credentials of a connection, from a token endpoint that is not ours. */
class TokensIT extends ConnectionsCase {
    @Test
    void aTokenIsFetchedOnceForManyAttemptsAndRenewedWhenTheReceiverRefusesIt() {
        try (TlsServer server = TlsServer.start(AUTHORITY.server(SERVER), false)) {
            AtomicInteger issued = new AtomicInteger();
            server.answers(request -> request.path().equals("/token")
                    ? new Answer(
                            200,
                            "{\"access_token\":\"t-%d\",\"token_type\":\"bearer\",\"expires_in\":3600}"
                                    .formatted(issued.incrementAndGet()))
                    : new Answer(("Bearer t-" + issued.get()).equals(request.authorization()) ? 200 : 401, ""));
            put("tokens", oauth2(server, "basic", "the-client-secret"));

            IntStream.range(0, 20)
                    .forEach(i -> assertThat(outcome(server, "tokens")).isEqualTo("sent"));
            assertThat(issued).hasValue(1);
            Seen asked = server.seen().getFirst();
            assertThat(asked.body()).contains("grant_type=client_credentials").contains("scope=hooks");
            assertThat(asked.authorization()).isEqualTo("Basic " + base64("the-client:the-client-secret"));

            issued.incrementAndGet();
            assertThat(outcome(server, "tokens"))
                    .as("with a new one, in the same attempt")
                    .isEqualTo("sent");
            assertThat(issued).hasValue(3);
        }
    }

    @Test
    void aTokenEndpointThatGivesNoneIsARetryWithAReasonOfItsOwnAndNotAskedByEveryJob() {
        try (TlsServer server = TlsServer.start(AUTHORITY.server(SERVER), false)) {
            server.answers(request ->
                    request.path().equals("/token") ? new Answer(200, "<html>login</html>") : new Answer(200, ""));
            put("html", oauth2(server, "post", "another-client-secret"));

            String id = enqueue(server, "html");
            await().atMost(WAIT).until(() -> attempts(id).size() >= 3);

            assertThat(attempts(id).get(0).path("reason").asText())
                    .isEqualTo("oauth2: the token endpoint answered 200 and no JSON");
            assertThat(server.seen()).hasSizeLessThan(attempts(id).size());
            assertThat(server.seen().getFirst().body()).contains("client_secret=another-client-secret");
            api.post("/v1/deliveries/" + id + "/cancel", "");
        }
    }

    @Test
    void aClientThatSignsItsOwnStatementNeedsNoSharedSecret() throws Exception {
        try (TlsServer server = TlsServer.start(AUTHORITY.server(SERVER), false)) {
            server.answers(request -> request.path().equals("/token")
                    ? new Answer(200, "{\"access_token\":\"signed-for\",\"token_type\":\"Bearer\"}")
                    : new Answer(200, ""));
            put("statement", oauth2(server, "private_key_jwt", CLIENT.key()));

            assertThat(outcome(server, "statement")).isEqualTo("sent");
            assertThat(last(server).authorization()).isEqualTo("Bearer signed-for");
            String body = server.seen().getFirst().body();
            String jwt = body.substring(body.indexOf("client_assertion=") + 17);
            JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(jwt.split("\\.")[1]));
            assertThat(claims.path("iss").asText()).isEqualTo("the-client");
            assertThat(claims.path("aud").asText()).isEqualTo(server.url("/token"));
        }
    }
}
