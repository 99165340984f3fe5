package io.posthaste.api.action;

import com.fasterxml.jackson.databind.JsonNode;
import io.posthaste.http.Call;
import io.posthaste.json.Fields;
import io.posthaste.json.Problem;
import io.posthaste.json.RawFields;
import io.posthaste.json.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The data that a preview or a test request is rendered with. */
final class SampleData {
    private final StrictJson json = new StrictJson();
    private final RawFields raw = new RawFields(json, Set.of("data"));

    /** As it was written; {@code {}} when left out. What is wrong with the call is noted. */
    byte[] data(Call call, Set<String> known, List<Problem> problems) {
        String document = StrictJson.text(call.body());
        JsonNode node = json.read(document);
        Fields fields = new Fields("", node, problems);
        known.forEach(fields::ignore);
        if (fields.has("data") && !node.path("data").isObject()) {
            fields.problem("data", "is " + Fields.kind(node.path("data")), "give a JSON object");
        }
        fields.finish();
        Map<String, String> texts = raw.cut(document).getFirst();
        return texts.getOrDefault("data", "{}").getBytes(StandardCharsets.UTF_8);
    }
}
