package io.posthaste.api.action;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.http.Access;
import io.posthaste.http.Response;
import io.posthaste.http.Route;
import io.posthaste.render.Reference;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import reactor.core.publisher.Mono;

/** What there is to write in templates: what editors complete from. */
public final class LanguageRoutes {
    private final ObjectNode language;

    public LanguageRoutes(Reference reference) {
        this.language = view(reference);
    }

    public List<Route> routes() {
        return List.of(Route.of("GET", "/v1/liquid", Access.READ, call -> Mono.just(Response.ok(language))));
    }

    private static ObjectNode view(Reference reference) {
        ObjectNode view = JsonNodeFactory.instance.objectNode();
        ArrayNode variables = view.putArray("variables");
        reference
                .all(Reference.Entry::isVariable)
                .forEach(entry -> variables
                        .addObject()
                        .put("name", entry.title())
                        .put("about", entry.about())
                        .put("only_in_answers", entry.isOfAnswers()));
        ArrayNode tags = view.putArray("tags");
        reference
                .all(Reference.Entry::isTag)
                .forEach(entry -> add(tags, entry)
                        .forEach(
                                tag -> tag.put("end", entry.end(tag.path("name").asText()))));
        ArrayNode filters = view.putArray("filters");
        reference
                .all(Reference.Entry::isFilter)
                .forEach(entry -> add(filters, entry).forEach(filter -> filter.put("kind", entry.heading())));
        return view;
    }

    /** One for each of its names that the list does not have yet. */
    private static List<ObjectNode> add(ArrayNode list, Reference.Entry entry) {
        Set<String> known = new HashSet<>();
        list.forEach(one -> known.add(one.path("name").asText()));
        return entry.names().stream()
                .filter(known::add)
                .map(name -> list.addObject()
                        .put("name", name)
                        .put("about", entry.about())
                        .put("example", entry.example()))
                .toList();
    }
}
