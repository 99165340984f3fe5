package io.posthaste.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.lettuce.core.protocol.CommandType;
import io.posthaste.admin.ApiContract.Operation;
import io.posthaste.job.Attempt;
import io.posthaste.job.Header;
import io.posthaste.job.Lease;
import io.posthaste.job.Outcome;
import io.posthaste.job.RenderedRequest;
import io.posthaste.job.Settlement;
import io.posthaste.queue.RedisJobQueue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code openapi.json} against the running API. Beside what is asserted here, {@link RunningApi} holds every call of every
 * test to the document.
 */
class OpenApiIT {
    private static final ApiContract CONTRACT = new ApiContract();
    private static final RenderedRequest REQUEST = new RenderedRequest(
            "POST",
            "https://api.example.com/users",
            List.of(new Header("Content-Type", "application/json")),
            "{}".getBytes(StandardCharsets.UTF_8));

    private static RunningApi api;
    private static RedisJobQueue queue;

    @BeforeAll
    static void start() {
        api = new RunningApi();
        queue = api.queue();
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    static Stream<Operation> operations() {
        return CONTRACT.operations().stream();
    }

    @Test
    void theDocumentAndTheRouteTableSayTheSame() {
        List<String> routes = api.routes().stream()
                .map(route ->
                        line(route.method(), route.path(), "" + route.access(), "" + new TreeSet<>(route.query())))
                .toList();
        List<String> described = operations()
                .map(operation ->
                        line(operation.method(), operation.path(), role(operation), "" + CONTRACT.query(operation)))
                .toList();

        assertThat(described).containsExactlyInAnyOrderElementsOf(routes);
    }

    private static String line(String... parts) {
        return String.join(" ", parts);
    }

    /** The role that an operation asks for, as the route table names it. */
    private static String role(Operation operation) {
        String role = operation.node().at("/security/0/token/0").asText();
        return role.isEmpty() ? "OPEN" : role.toUpperCase(java.util.Locale.ROOT);
    }

    @Test
    void theDocumentIsServedAsItStands() {
        assertThat(api.call("GET", "/openapi.json", RunningApi.READ, null)
                        .body()
                        .path("openapi"))
                .hasToString("\"3.1.0\"");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("operations")
    void itsExamplesWork(Operation operation) {
        String path = given(operation);
        JsonNode example = operation.body().path("example");
        String body = example.isMissingNode() ? null : example.toString();

        var said = api.call(operation.method(), path + queryExample(operation), RunningApi.ADMIN, body);

        assertThat(said.status())
                .as("%s answered %s; give it what it works on in given()", operation, said.body())
                .isBetween(200, 299);
        assertThat(operation.node().path("requestBody").isMissingNode())
                .as("every body has an example")
                .isEqualTo(body == null);
    }

    private static String queryExample(Operation operation) {
        String query = CONTRACT.parameters(operation).stream()
                .filter(parameter -> parameter.path("in").asText().equals("query") && parameter.has("example"))
                .map(parameter -> parameter.path("name").asText() + "="
                        + parameter.path("example").asText().replace(" ", "+"))
                .collect(Collectors.joining("&"));
        return query.isEmpty() ? "" : "?" + query;
    }

    /** Puts in place what the examples are about; answers the path to call. */
    private static String given(Operation operation) {
        api.nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        api.connections.admin().send(CommandType.FLUSHALL);
        String entry = "";
        if (operation.path().startsWith("/v1/actions/{id}")) {
            api.put("/v1/actions/welcome", "{'url':'https://api.example.com/users'}");
        } else if (operation.id().equals("resendDelivery")) {
            enqueue(0);
            settle(new Outcome.Failed(new Attempt(1, 1, 404, 5, "HTTP 404", ""), "HTTP 404", REQUEST));
        } else if (operation.path().startsWith("/v1/deliveries/{id}")) {
            enqueue(4_102_444_800_000L);
            queue.claim(0).block();
        } else if (operation.path().startsWith("/v1/drafts")) {
            enqueue(0);
            settle(new Outcome.Drafted(REQUEST));
        } else if (operation.path().startsWith("/v1/secrets/")) {
            api.put("/v1/secrets/lob", "{'value':'before'}");
        } else if (operation.path().startsWith("/v1/snippets/")) {
            api.put("/v1/snippets/footer", "{'value':'before'}");
        } else if (operation.path().startsWith("/v1/signing-keys/{id}")) {
            api.post("/v1/signing-keys/rotate", "");
        } else if (operation.path().startsWith("/v1/quarantine")) {
            api.connections.admin().send(CommandType.XADD, "posthaste:{0}:inbox", "*", "v", "9");
            queue.claim(0).block();
            entry = api.get("/v1/quarantine").body().at("/quarantine/0/id").asText();
        }
        return filled(operation, entry);
    }

    private static void enqueue(long at) {
        api.post("/v1/deliveries", "{'id':'order-1007-paid','action':'welcome','data':{},'at':" + at + "}");
    }

    private static void settle(Outcome outcome) {
        Lease lease = queue.claim(1).blockOptional().orElseThrow().leases().getFirst();
        queue.settle(new Settlement(lease, outcome)).block();
    }

    /** The operation's path with its examples in it; {@code instead} where there is none. */
    private static String filled(Operation operation, String instead) {
        String path = operation.path();
        for (JsonNode parameter : CONTRACT.parameters(operation)) {
            String value = parameter.path("example").asText(instead);
            path = path.replace("{" + parameter.path("name").asText() + "}", value);
        }
        return path;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("operations")
    void aCallThatIsNotDescribedIsRefused(Operation operation) {
        String path = given(operation);
        if (role(operation).equals("OPEN")) {
            return;
        }

        assertThat(call(operation, path, "", null).status()).isEqualTo(401);
        if (!role(operation).equals("READ")) {
            assertThat(call(operation, path, RunningApi.READ, null).status()).isEqualTo(403);
        }
        assertThat(call(operation, path + "?colour=red", RunningApi.ADMIN, null).status())
                .isEqualTo(400);
        if (operation.path().contains("{")) {
            var said = call(operation, operation.path().replaceAll("\\{[a-z]+}", "a~b"), RunningApi.ADMIN, null);
            assertThat(said.status()).isEqualTo(404);
            assertThat(said.body().path("detail").asText()).contains("a name in this path");
        }
    }

    private static RunningApi.Said call(Operation operation, String path, String token, @Nullable String body) {
        return api.call(operation.method(), path, token, body);
    }
}
