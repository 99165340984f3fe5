package io.posthaste.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.api.ApiContract.Operation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What nobody should send, to every route that {@code openapi.json} knows: everything wrong is named at once, nothing
 * breaks, and Redis holds what it held before.
 */
class BadInputIT {
    private static final ApiContract CONTRACT = new ApiContract();
    private static final long SEED = 20_261_124;
    private static final int MUTATIONS = 150;

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final List<JsonNode> ODDITIES = List.of(
            JSON.nullNode(),
            JSON.booleanNode(true),
            JSON.numberNode(-1),
            JSON.numberNode(1e300),
            JSON.numberNode(Long.MAX_VALUE),
            JSON.textNode(""),
            JSON.textNode("{{ x"),
            JSON.textNode("a b\n\u0000\u202e\uD83C\uDF89"),
            JSON.textNode("x".repeat(70_000)),
            JSON.arrayNode(),
            JSON.arrayNode().add(JSON.arrayNode()),
            JSON.objectNode(),
            JSON.objectNode().put("a", 1));

    @AutoClose
    private static final RunningApi api = new RunningApi();

    private static final ApiExamples examples = new ApiExamples(api, CONTRACT);

    static Stream<Operation> all() {
        return CONTRACT.operations().stream();
    }

    static Stream<Operation> withBody() {
        return all().filter(operation -> operation.node().has("requestBody"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("withBody")
    void everyWrongFieldAndEveryUnknownOneIsNamed(Operation operation) {
        String path = examples.given(operation);
        Map<String, Integer> before = redis();
        ObjectNode body = JSON.objectNode();
        Set<String> wrong = new TreeSet<>();
        if (!object(operation).path("additionalProperties").asBoolean(true)) {
            body.put("colour", "red");
            wrong.add("colour");
        }
        properties(operation).forEach((name, schema) -> {
            body.set(name, refused(schema));
            wrong.add(name);
        });

        var said = api.call(operation.method(), path, RunningApi.ADMIN, body.toString());

        assertThat(said.status()).isEqualTo(422);
        assertThat(said.fields().stream().map(field -> field.replaceFirst("[.\\[].*", "")))
                .containsAll(wrong);
        assertThat(redis()).isEqualTo(before);
    }

    /** The fields of the object a body is, or may be; without those that only the answer has. */
    private static Map<String, JsonNode> properties(Operation operation) {
        Map<String, JsonNode> properties = new TreeMap<>();
        object(operation).path("properties").properties().forEach(property -> {
            JsonNode resolved = CONTRACT.resolved(property.getValue());
            if (!resolved.path("readOnly").asBoolean()) {
                properties.put(property.getKey(), resolved);
            }
        });
        return properties;
    }

    private static JsonNode object(Operation operation) {
        JsonNode schema = CONTRACT.resolved(operation.body().path("schema"));
        return schema.has("oneOf") ? CONTRACT.resolved(schema.at("/oneOf/0")) : schema;
    }

    /** A value of a type that the schema does not have. */
    private static JsonNode refused(JsonNode schema) {
        Set<String> types = new TreeSet<>();
        schema.path("type").forEach(type -> types.add(type.asText()));
        types.add(schema.path("type").asText());
        return types.contains("array") || types.contains("boolean") ? JSON.numberNode(7) : JSON.arrayNode();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("withBody")
    void whatIsNotOneJsonDocumentIsRefused(Operation operation) {
        String path = examples.given(operation);
        for (String text :
                List.of("{", "{}x", "nul", "{\"a\":1,\"a\":2}", "[".repeat(100), "\"\\ud800", "1e", "{a:1}")) {
            var said = api.call(operation.method(), path, RunningApi.ADMIN, text);

            assertThat(said.status()).as(text).isEqualTo(400);
            assertThat(said.body().path("type").asText()).endsWith("malformed-json");
            assertThat(said.body().at("/errors/0/fix").asText()).as(text).contains("one JSON document");
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("withBody")
    void aBodyOfMoreThanAMebibyteIsRefused(Operation operation) {
        String path = examples.given(operation);

        assertThat(api.call(operation.method(), path, RunningApi.ADMIN, "x".repeat((1 << 20) + 1))
                        .status())
                .isEqualTo(413);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("all")
    void aNameThatCannotBeOneIsToldSo(Operation operation) {
        // A host is no name of ours: HostLimitApiIT.
        if (!operation.path().contains("{") || operation.path().contains("{host}")) {
            return;
        }
        api.nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        for (String name : List.of("a~b", "%61", "..%2f", "a;b", "x".repeat(65))) {
            String path = operation.path().replaceAll("\\{[a-z]+}", name);

            var said = api.call(operation.method(), path, RunningApi.ADMIN, null);

            assertThat(said.status()).isEqualTo(404);
            assertThat(said.body().path("detail").asText()).contains("is not 1 to 64 of A-Z a-z 0-9 . _ -");
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("withBody")
    void noMutationOfTheExampleBreaksAnything(Operation operation) {
        Random random = new Random(SEED);
        JsonNode example = operation.body().path("example");
        String path = examples.given(operation);
        Map<String, Integer> before = redis();
        for (int i = 0; i < MUTATIONS; i++) {
            JsonNode mutant = mutated(example.deepCopy(), random);
            api.nanos.addAndGet(Duration.ofSeconds(1).toNanos());

            var said = api.call(operation.method(), path, RunningApi.ADMIN, mutant.toString());

            assertThat(said.status())
                    .as("seed %d, mutation %d: %s", SEED, i, mutant)
                    .isLessThan(500);
            if (said.status() < 300) {
                path = examples.given(operation);
                before = redis();
            } else {
                assertThat(redis())
                        .as("seed %d, mutation %d: %s", SEED, i, mutant)
                        .isEqualTo(before);
            }
        }
    }

    /** One value somewhere in the document replaced, removed, or joined by one that does not belong there. */
    private static JsonNode mutated(JsonNode document, Random random) {
        List<ObjectNode> objects = new ArrayList<>();
        collect(document, objects);
        JsonNode odd = ODDITIES.get(random.nextInt(ODDITIES.size()));
        ObjectNode at = objects.get(random.nextInt(objects.size()));
        List<String> names = at.properties().stream().map(Map.Entry::getKey).toList();
        if (random.nextInt(20) == 0 || names.isEmpty()) {
            return odd;
        }
        String name = names.get(random.nextInt(names.size()));
        switch (random.nextInt(4)) {
            case 0 -> at.remove(name);
            case 1 -> at.set(name + "x", odd);
            default -> at.set(name, odd);
        }
        return document;
    }

    private static void collect(JsonNode node, List<ObjectNode> objects) {
        if (node instanceof ObjectNode object) {
            objects.add(object);
        }
        node.forEach(child -> collect(child, objects));
    }

    /** Everything that Redis holds, as hashes. */
    private static Map<String, Integer> redis() {
        var redis = api.connections.admin().commands();
        Map<String, Integer> content = new TreeMap<>();
        for (byte[] key : redis.keys("*").toCompletableFuture().join()) {
            content.put(
                    new String(key, StandardCharsets.UTF_8),
                    Arrays.hashCode(redis.dump(key).toCompletableFuture().join()));
        }
        return content;
    }
}
