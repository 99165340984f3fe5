package io.posthaste.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import io.posthaste.json.MalformedJson;
import io.posthaste.json.StrictJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** {@code openapi.json} as the judge of calls: whatever the API answers, and whatever it accepts, must stand in there. */
final class ApiContract {
    private static final String RESOURCE = "openapi.json";

    /** What any call may be answered with; anything else an operation must list. */
    private static final Set<Integer> GENERAL = Set.of(400, 401, 403, 405, 408, 413, 421, 429, 500, 503);

    private final JsonNode document = read();
    private final SchemaRegistry schemas = SchemaRegistry.withDialect(Dialects.getOpenApi31());

    /**
     * One method of one path.
     *
     * @param path with its {@code {names}}
     */
    record Operation(String method, String path, JsonNode node) {
        @Override
        public String toString() {
            return method + " " + path;
        }

        String id() {
            return node.path("operationId").asText();
        }

        /** The schema of a body that is sent to it, missing if it takes none. */
        JsonNode body() {
            return node.at("/requestBody/content/application~1json");
        }
    }

    JsonNode document() {
        return document;
    }

    /** All that the document describes, in its order. */
    List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(method -> operations.add(new Operation(
                                method.getKey().toUpperCase(Locale.ROOT), path.getKey(), method.getValue()))));
        return operations;
    }

    /** The parameters of an operation, references followed. */
    List<JsonNode> parameters(Operation operation) {
        List<JsonNode> parameters = new ArrayList<>();
        operation.node().path("parameters").forEach(parameter -> parameters.add(resolved(parameter)));
        return parameters;
    }

    /** The names of its query parameters. */
    Set<String> query(Operation operation) {
        Set<String> names = new TreeSet<>();
        parameters(operation).stream()
                .filter(parameter -> parameter.path("in").asText().equals("query"))
                .forEach(parameter -> names.add(parameter.path("name").asText()));
        return names;
    }

    /** What a reference stands for; anything else stands for itself. Siblings of a reference are not looked at. */
    JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? document.at(node.path("$ref").asText().substring(1)) : node;
    }

    /** Holds one call to the document. */
    void check(String method, String target, @Nullable String sent, ApiCalls.Said said) {
        String path = target.replaceFirst("\\?.*", "");
        String call = method + " " + target + " → " + said.status();
        assertThat(said.header("x-request-id")).as(call).isNotEmpty();
        if (isDashboard(path)) {
            return;
        }
        Optional<Operation> operation = find(method, path);
        if (operation.isEmpty()) {
            assertThat(said.status()).as(call + ": not described").isIn(401, 404, 405, 421, 429);
            assertProblem(call, said);
            return;
        }
        checkAnswer(call, operation.get(), said);
        if (said.status() < 300) {
            checkAccepted(call, operation.get(), sent);
        }
    }

    /** The dashboard's files are no part of the API. */
    static boolean isDashboard(String path) {
        return path.equals("/") || path.startsWith("/dashboard/");
    }

    private Optional<Operation> find(String method, String path) {
        return operations().stream()
                .filter(operation -> operation.method().equals(method)
                        && path.matches(operation
                                .path()
                                .replace("{host}", "[A-Za-z0-9._:-]{1,262}")
                                .replaceAll("\\{[a-z_]+}", "[A-Za-z0-9._-]{1,64}")))
                // A literal path before one with names in it, as the server decides.
                .min(Comparator.comparing(Operation::path));
    }

    private void checkAnswer(String call, Operation operation, ApiCalls.Said said) {
        JsonNode responses = operation.node().path("responses");
        JsonNode listed = responses.path("" + said.status());
        if (listed.isMissingNode()) {
            boolean scripted = operation.path().startsWith("/bin/");
            assertThat(scripted || GENERAL.contains(said.status()))
                    .as(call + ": status not described")
                    .isTrue();
            listed = responses.path("default");
        }
        checkContent(call, resolved(listed), said);
        checkHeaders(call, said);
    }

    private void checkContent(String call, JsonNode response, ApiCalls.Said said) {
        JsonNode content = response.path("content");
        if (content.isMissingNode()) {
            boolean free = response.path("description").asText().contains("unless the bin");
            assertThat(free || said.response().body().isEmpty())
                    .as(call + ": a body that is not described")
                    .isTrue();
            return;
        }
        String type = said.header("content-type").replaceFirst(";.*", "");
        JsonNode media = content.path(type);
        assertThat(media.isMissingNode()).as(call + ": content type " + type).isFalse();
        if (type.endsWith("json")) {
            assertThat(errors(media.path("schema"), said.body()))
                    .as(call + ": " + said.body())
                    .isEmpty();
        }
    }

    private void assertProblem(String call, ApiCalls.Said said) {
        checkContent(call, document.at("/components/responses/Problem"), said);
        checkHeaders(call, said);
    }

    private static void checkHeaders(String call, ApiCalls.Said said) {
        switch (said.status()) {
            case 401 -> assertThat(said.header("www-authenticate")).as(call).isEqualTo("Bearer");
            case 405 -> assertThat(said.header("allow")).as(call).isNotEmpty();
            case 429 -> assertThat(said.header("retry-after")).as(call).matches("[0-9]+");
            default -> {}
        }
    }

    /** What the API takes, the document must allow; the other way round the API may be stricter. */
    private void checkAccepted(String call, Operation operation, @Nullable String sent) {
        if (sent == null || sent.isEmpty() || operation.path().startsWith("/bin/")) {
            assertThat(operation.node().at("/requestBody/required").asBoolean())
                    .as(call + ": accepted without its body")
                    .isFalse();
            return;
        }
        JsonNode body = json(sent);
        if (!operation.body().isMissingNode()) {
            assertThat(errors(operation.body().path("schema"), body))
                    .as(call + ": accepted " + sent)
                    .isEmpty();
        }
    }

    /** What keeps a value from being an instance of a schema that is a reference into the document. */
    List<Error> errors(JsonNode schema, JsonNode value) {
        String reference = schema.path("$ref").asText();
        return reference.isEmpty()
                ? List.of()
                : schemas.getSchema(SchemaLocation.of("classpath:" + RESOURCE + reference))
                        .validate(value);
    }

    private static JsonNode json(String text) {
        try {
            return new StrictJson().read(text);
        } catch (MalformedJson malformed) {
            return MissingNode.getInstance();
        }
    }

    private static JsonNode read() {
        try (InputStream file =
                Objects.requireNonNull(ApiContract.class.getClassLoader().getResourceAsStream(RESOURCE))) {
            return new ObjectMapper().readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
