package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.posthaste.testing.Receiver.Received;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where secrets and signatures may go: not to whoever may write a job, and not where its data say. */
class SecretHostsIT {
    private static final String OPERATOR = "operator-token-of-at-least-32-characters";

    @AutoClose
    private final TestGateway gateway = new TestGateway().with("INLINE_SECRETS", "false");

    @TempDir
    private Path directory;

    @BeforeEach
    void start() throws Exception {
        Path tokens = directory.resolve("tokens");
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(OPERATOR.getBytes(StandardCharsets.UTF_8));
        Files.writeString(tokens, "pia operate " + HexFormat.of().formatHex(digest) + "\n");
        gateway.with("ADMIN_TOKENS_FILE", tokens.toString()).start();
        gateway.api().put("/v1/secrets/zendesk", "{\"value\":\"canary-of-zendesk\"}");
    }

    @Test
    void aProducersInlineRequestGetsNoSecretWhateverItsTemplatesDo() {
        gateway.enqueue(
                "j1", "lane", "l", "request", request("{{ secrets.zendesk | split: '' | join: '_' }}"), "data", "{}");
        gateway.enqueue(
                "j2", "lane", "l", "request", request("{% if secrets.nope == nil %}x{% endif %}"), "data", "{}");

        for (String id : new String[] {"j1", "j2"}) {
            assertThat(gateway.told(id, "failed").get("reason")).contains("an inline request may not use secrets");
        }
        assertThat(gateway.receiver.requestCount()).isZero();
    }

    @Test
    void aProducersInlineRequestIsNotSignedAndMayNotAskForIt() {
        gateway.enqueue("j1", "lane", "l", "request", request("b"), "data", "{}");
        String asking = request("b").replaceFirst("\\{", "{\"signatures\":[\"cio\"],");
        gateway.enqueue("j2", "lane", "l", "request", asking, "data", "{}");

        Received sent = gateway.receiver.takeRequest();
        assertThat(sent.header("X-CIO-Delivery-ID")).isEqualTo("j1");
        assertThat(sent.header("X-CIO-Signature")).isNull();
        assertThat(gateway.told("j2", "failed").get("reason"))
                .contains("an inline request is signed only if an admin enqueues it, or with inline.secrets");
    }

    @Test
    void anAdminsInlineRequestGetsBothAlsoWhenItIsSentAgain() {
        gateway.api().post("/v1/deliveries", delivery("j1", "{{ secrets.zendesk }}"));

        Received sent = gateway.receiver.takeRequest();
        assertThat(sent.text()).isEqualTo("canary-of-zendesk");
        assertThat(sent.header("X-CIO-Signature")).isNotNull();
        gateway.told("j1", "sent");

        gateway.api().post("/v1/deliveries/j1/resend", "");

        Received again = gateway.receiver.takeRequest();
        assertThat(again.text()).isEqualTo("canary-of-zendesk");
        assertThat(again.header("X-CIO-Signature")).isNotNull();
    }

    @Test
    void anOperatorsInlineRequestGetsNeither() throws Exception {
        HttpRequest post = HttpRequest.newBuilder(URI.create(gateway.address() + "/v1/deliveries"))
                .header("Authorization", "Bearer " + OPERATOR)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(delivery("j1", "{{ secrets.zendesk }}")))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(post, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(202);
        }

        assertThat(gateway.told("j1", "failed").get("reason")).contains("an inline request may not use secrets");
    }

    @Test
    void aRevokedTokenOpensNothingAndItsStreamEnds() throws Exception {
        Path tokens = directory.resolve("tokens");
        HttpRequest watch = HttpRequest.newBuilder(URI.create(gateway.address() + "/v1/events"))
                .header("Authorization", "Bearer " + OPERATOR)
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<InputStream> stream = client.send(watch, HttpResponse.BodyHandlers.ofInputStream());
            assertThat(stream.statusCode()).isEqualTo(200);
            assertThat(stream.body().read()).isPositive();

            Files.writeString(tokens, "# nobody\n");

            stream.body().transferTo(OutputStream.nullOutputStream());
            assertThat(client.send(watch, HttpResponse.BodyHandlers.ofInputStream())
                            .statusCode())
                    .isEqualTo(401);
        }
    }

    /** What a grant stands for is one definition in one lane. */
    @Test
    void aGrantThatWasCopiedOpensNothingElse() {
        gateway.api().post("/v1/deliveries", delivery("j1", "{{ secrets.zendesk }}"));
        gateway.told("j1", "sent");
        gateway.receiver.answers(503);
        gateway.api().post("/v1/deliveries", delivery("j2", "{{ secrets.zendesk }}"));
        gateway.told("j2", "attempted");
        String parked = String.join(" ", gateway.commands.hvals(TestGateway.KEYS.parked()));
        String grant = parked.replaceFirst("(?s).*grant....([A-Za-z0-9+/=]{88}).*", "$1");
        assertThat(grant).hasSize(88);

        gateway.enqueue("j3", "lane", "l", "grant", grant, "request", request("x {{ secrets.zendesk }}"), "data", "{}");
        gateway.enqueue("j4", "lane", "m", "grant", grant, "request", request("{{ secrets.zendesk }}"), "data", "{}");
        gateway.enqueue("j5", "lane", "m", "grant", "QUJD", "request", request("{{ secrets.zendesk }}"), "data", "{}");

        for (String id : new String[] {"j3", "j4", "j5"}) {
            assertThat(gateway.told(id, "failed").get("reason")).contains("an inline request may not use secrets");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://{{customer.shop}}:PORT/", "{{customer.url}}", "http://127.0.0.{{customer.n}}:PORT/"})
    void aHostFromDataGetsNoSecretUntilTheActionNamesIt(String url) {
        String data =
                "{\"customer\":{\"shop\":\"127.0.0.1\",\"n\":\"1\",\"url\":\"" + gateway.receiver.url("/") + "\"}}";
        save("a", url, "");
        gateway.enqueue("j1", "action", "a", "data", data);
        assertThat(gateway.told("j1", "failed").get("reason"))
                .isEqualTo("secrets may not go to 127.0.0.1: data choose this host; name the hosts they may go to in "
                        + "secret_hosts");

        save("a", url, ",\"secret_hosts\":[\"other.example\"]");
        gateway.enqueue("j2", "action", "a", "data", data);
        assertThat(gateway.told("j2", "failed").get("reason"))
                .isEqualTo("secrets may not go to 127.0.0.1, only to other.example (secret_hosts)");

        JsonNode saved = save("a", url, ",\"secret_hosts\":[\"other.example\",\"127.0.0.1\"]");
        assertThat(saved.path("secret_hosts").toString()).isEqualTo("[\"other.example\",\"127.0.0.1\"]");
        gateway.enqueue("j3", "action", "a", "data", data);
        assertThat(gateway.receiver.takeRequest().text()).isEqualTo("canary-of-zendesk");
    }

    @Test
    void aSecretGoesToItsOwnHostsAlone() {
        gateway.api().put("/v1/secrets/zendesk", "{\"value\":\"canary-of-zendesk\",\"hosts\":[\"*.zendesk.com\"]}");
        save("a", gateway.receiver.url("/"), "");
        gateway.enqueue("j1", "action", "a", "data", "{}");
        assertThat(gateway.told("j1", "failed").get("reason"))
                .isEqualTo("secret zendesk may not go to 127.0.0.1, only to *.zendesk.com");

        gateway.api().put("/v1/secrets/zendesk", "{\"value\":\"rotated\"}");
        assertThat(gateway.api().get("/v1/secrets/zendesk").path("hosts").toString())
                .isEqualTo("[\"*.zendesk.com\"]");

        gateway.api().put("/v1/secrets/zendesk", "{\"value\":\"free\",\"hosts\":[]}");
        gateway.enqueue("j2", "action", "a", "data", "{}");
        assertThat(gateway.receiver.takeRequest().text()).isEqualTo("free");
    }

    private JsonNode save(String id, String url, String more) {
        String definition = "{\"url\":\"" + url.replace("PORT", "" + gateway.receiver.port())
                + "\",\"headers\":[],\"body\":\"{{ secrets.zendesk }}\"" + more + "}";
        return gateway.api().put("/v1/actions/" + id, definition);
    }

    private String request(String body) {
        return "{\"url\":\"" + gateway.receiver.url("/") + "\",\"headers\":[],\"body\":\"" + body + "\"}";
    }

    private String delivery(String id, String body) {
        return "{\"id\":\"" + id + "\",\"lane\":\"l\",\"request\":" + request(body) + ",\"data\":{}}";
    }
}
