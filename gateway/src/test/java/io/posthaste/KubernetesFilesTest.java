package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import io.posthaste.config.ConfigLoader;
import io.posthaste.config.GatewayConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The files under {@code config/kubernetes} are of the API's types, belong together, and set what the gateway knows. */
class KubernetesFilesTest {
    private static final Path FILES = Path.of("../config/kubernetes");
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final String TOKEN = "test-token-of-at-least-32-characters";

    /** Reads an object of the API; what its type does not have is refused. */
    private interface Type {
        Object read(String json) throws IOException;
    }

    private static final Map<String, Type> TYPES = Map.of(
            "Deployment", V1Deployment::fromJson,
            "StatefulSet", V1StatefulSet::fromJson,
            "Service", V1Service::fromJson,
            "PodDisruptionBudget", V1PodDisruptionBudget::fromJson,
            "HorizontalPodAutoscaler", V2HorizontalPodAutoscaler::fromJson,
            "NetworkPolicy", V1NetworkPolicy::fromJson);

    static List<Path> objects() throws IOException {
        return files().stream()
                .filter(file -> !file.endsWith("kustomization.yaml"))
                .toList();
    }

    static List<Path> kustomizations() throws IOException {
        return files().stream()
                .filter(file -> file.endsWith("kustomization.yaml"))
                .toList();
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(FILES)) {
            return files.filter(file -> file.toString().endsWith(".yaml")).toList();
        }
    }

    @ParameterizedTest
    @MethodSource("objects")
    void eachObjectIsOfItsType(Path file) throws IOException {
        for (JsonNode object : documents(file)) {
            Type type = Objects.requireNonNull(TYPES.get(object.path("kind").asText()), file + " has an unknown kind");
            // A patch lacks what it does not change.
            if (!file.getFileName().toString().equals("gateways.yaml")) {
                assertThat(type.read(object.toString())).isNotNull();
            }
        }
    }

    @Test
    void aFieldThatTheApiDoesNotHaveIsRefused() throws IOException {
        String deployment =
                documents(FILES.resolve("base/deployment.yaml")).getFirst().toString();

        assertThat(catchThrowable(() -> V1Deployment.fromJson(deployment.replace("\"replicas\"", "\"replica\""))))
                .isNotNull();
    }

    @ParameterizedTest
    @MethodSource("kustomizations")
    void whatAKustomizationNamesIsThere(Path file) throws IOException {
        JsonNode kustomization = documents(file).getFirst();
        List<String> named = new ArrayList<>();
        kustomization.path("resources").forEach(resource -> named.add(resource.asText()));
        kustomization
                .path("patches")
                .forEach(patch -> named.add(patch.path("path").asText()));

        assertThat(named)
                .isNotEmpty()
                .allSatisfy(name -> assertThat(file.resolveSibling(name)).exists());
    }

    @Test
    void theDeploymentSetsOnlyWhatTheGatewayKnowsAndProbesWhatItServes() throws IOException {
        JsonNode pod =
                documents(FILES.resolve("base/deployment.yaml")).getFirst().at("/spec/template/spec");
        JsonNode container = pod.at("/containers/0");
        Map<String, String> environment = new HashMap<>();
        container
                .path("env")
                .forEach(variable -> environment.put(variable.path("name").asText(), value(variable)));
        documents(FILES.resolve("overlays/cluster/gateways.yaml"))
                .getFirst()
                .at("/spec/template/spec/containers/0/env")
                .forEach(variable -> environment.put(variable.path("name").asText(), value(variable)));

        GatewayConfig config = ConfigLoader.load(null, environment);

        assertThat(Duration.ofSeconds(pod.path("terminationGracePeriodSeconds").asLong()))
                .isGreaterThan(config.queue().drainTimeout());
        assertThat(container.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/healthz");
        assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/readyz");
        assertThat(container.at("/ports/0/containerPort").asInt())
                .isEqualTo(config.admin().port());
        assertThat(config.redis().shards()).isEqualTo(16);
    }

    /** What a secret holds is of the kind that the setting wants. */
    private static String value(JsonNode variable) {
        return switch (variable.at("/valueFrom/secretKeyRef/key").asText()) {
            case "" -> variable.path("value").asText();
            case "redis-uri" -> "redis://redis-0:6379,redis://redis-1:6379";
            case "encryption" -> "0".repeat(64);
            default -> TOKEN;
        };
    }

    private static List<JsonNode> documents(Path file) throws IOException {
        List<JsonNode> documents = new ArrayList<>();
        YAML.readerFor(JsonNode.class).<JsonNode>readValues(file.toFile()).forEachRemaining(documents::add);
        return documents;
    }
}
