package io.posthaste.api.action;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.http.Access;
import io.posthaste.http.Response;
import io.posthaste.http.Route;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import reactor.core.publisher.Mono;

/** Actions to begin with, for receivers that many have: {@code recipes.json} and {@code gallery.json}. */
public final class RecipeRoutes {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectNode recipes = all();

    public List<Route> routes() {
        return List.of(Route.of("GET", "/v1/recipes", Access.READ, call -> Mono.just(Response.ok(recipes))));
    }

    private static ObjectNode all() {
        JsonNode first = read("/recipes.json");
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode list = body.putArray("recipes");
        for (JsonNode source : List.of(read("/gallery.json"), first)) {
            source.path("recipes").forEach(recipe -> list.add(view(recipe, first)));
        }
        return body;
    }

    private static ObjectNode view(JsonNode recipe, JsonNode data) {
        ObjectNode view = JsonNodeFactory.instance.objectNode();
        view.put("id", recipe.path("id").asText())
                .put("name", recipe.path("name").asText());
        view.put("about", recipe.path("about").asText());
        view.put("trigger", recipe.path("trigger").asText());
        ObjectNode action = view.putObject("action");
        action.put("name", recipe.path("name").asText());
        action.put("method", recipe.path("method").asText());
        action.put("url", recipe.path("url").asText());
        ArrayNode headers = action.putArray("headers");
        recipe.path("headers")
                .properties()
                .forEach(header ->
                        headers.addObject().put("name", header.getKey()).set("value", header.getValue()));
        action.put("body", recipe.path("body").asText());
        if (recipe.has("connection")) {
            action.set("connection", recipe.path("connection"));
        }
        ArrayNode sets = action.putArray("response_attributes");
        recipe.at("/partner/attributes")
                .properties()
                .forEach(set -> sets.addObject().put("attribute", set.getKey()).set("template", set.getValue()));
        ArrayNode secrets = view.putArray("secrets");
        recipe.path("secrets").fieldNames().forEachRemaining(secrets::add);
        boolean hostile = recipe.path("hostile").asBoolean();
        ObjectNode sample = view.putObject("sample");
        sample.set("customer", data.path(hostile ? "hostile_person" : "person"));
        sample.set("event", data.path(hostile ? "hostile_event" : "event"));
        return view;
    }

    private static JsonNode read(String resource) {
        try (InputStream file = Objects.requireNonNull(RecipeRoutes.class.getResourceAsStream(resource))) {
            return JSON.readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
