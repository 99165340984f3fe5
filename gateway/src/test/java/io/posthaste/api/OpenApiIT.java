package io.posthaste.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.posthaste.api.ApiContract.Operation;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code openapi.json} against the running API. Beside what is asserted here, {@link RunningApi} holds every call of every
 * test to the document.
 */
class OpenApiIT {
    private static final ApiContract CONTRACT = new ApiContract();

    @AutoClose
    private static final RunningApi api = new RunningApi();

    private static final ApiExamples examples = new ApiExamples(api, CONTRACT);

    static Stream<Operation> operations() {
        return CONTRACT.operations().stream();
    }

    @Test
    void theDocumentAndTheRouteTableSayTheSame() {
        List<String> routes = api.routes().stream()
                .filter(route -> !ApiContract.isDashboard(route.path()))
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
        return role.isEmpty() ? "OPEN" : role.toUpperCase(Locale.ROOT);
    }

    @Test
    void theDocumentIsServedAsItStands() {
        assertThat(api.call("GET", "/openapi.json", RunningApi.READ, null).body())
                .isEqualTo(CONTRACT.document());
    }

    @Test
    void theSchemasAreStrict() {
        JsonNode problem = JsonNodeFactory.instance.objectNode().put("$ref", "#/components/schemas/Problem");
        JsonNode wrong =
                JsonNodeFactory.instance.objectNode().put("status", "404").put("colour", "red");

        assertThat(CONTRACT.errors(problem, wrong).toString())
                .contains("/status", "colour", "title")
                .doesNotContain("errors");
    }

    /** Those that answer and are done; {@link LiveStateIT} is about the one that is not. */
    static Stream<Operation> answers() {
        return operations().filter(operation -> !operation.id().equals("events"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answers")
    void itsExamplesWork(Operation operation) {
        String path = examples.given(operation);
        JsonNode example = operation.body().path("example");
        String body = example.isMissingNode() ? null : example.toString();

        var said = api.call(operation.method(), path + examples.query(operation), RunningApi.ADMIN, body);

        assertThat(said.status())
                .as("%s answered %s; give it what it works on in ApiExamples", operation, said.body())
                .isBetween(200, 299);
        assertThat(operation.node().path("requestBody").isMissingNode())
                .as("every body has an example")
                .isEqualTo(body == null);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("operations")
    void whoMayNotIsRefusedAndSoIsAnUnknownParameter(Operation operation) {
        String path = examples.given(operation);
        if (role(operation).equals("OPEN")) {
            return;
        }

        assertThat(api.call(operation.method(), path, "", null).status()).isEqualTo(401);
        if (!role(operation).equals("READ")) {
            assertThat(api.call(operation.method(), path, RunningApi.READ, null).status())
                    .isEqualTo(403);
        }
        assertThat(api.call(operation.method(), path + "?colour=red", RunningApi.ADMIN, null)
                        .status())
                .isEqualTo(400);
    }
}
