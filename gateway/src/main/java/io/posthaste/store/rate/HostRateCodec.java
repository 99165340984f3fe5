package io.posthaste.store.rate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.json.Fields;
import io.posthaste.json.MalformedJson;
import io.posthaste.json.Problem;
import io.posthaste.json.StrictJson;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Limits of hosts as JSON, read strictly: what the API takes and gives, and what Redis keeps. */
public final class HostRateCodec {
    private static final String PER_SECOND = "max_per_second";

    /** What the answer adds: accepted and ignored, so that what was read can be sent back. */
    private static final List<String> READ_ONLY = List.of("host", "version", "created_at", "updated_at");

    private final StrictJson json = new StrictJson();

    /**
     * What could be made of a definition.
     *
     * @param rate of use only when there are no problems
     */
    public record Reading(HostRate rate, List<Problem> problems) {}

    /** Reads a definition that is to be stored for {@code host}; the store sets its version and times. */
    public Reading read(String host, JsonNode definition) {
        List<Problem> problems = new ArrayList<>();
        Fields fields = new Fields("", definition, problems);
        Double perSecond = fields.positive(PER_SECOND, HostRate.MOST_PER_SECOND);
        if (perSecond == null && problems.isEmpty()) {
            fields.problem(PER_SECOND, "is missing", "a number above 0; DELETE takes the limit away");
        } else if (perSecond != null && perSecond < HostRate.LEAST_PER_SECOND) {
            fields.problem(PER_SECOND, "is " + perSecond, "give 0.001 or more, one in a thousand seconds");
        }
        READ_ONLY.forEach(fields::ignore);
        fields.finish();
        return new Reading(new HostRate(host, perSecond == null ? 0 : perSecond, 0, 0, 0), List.copyOf(problems));
    }

    /** Reads what the store wrote, checked like anything else from outside; null when it is of no use. */
    @Nullable
    HostRate stored(String host, String document) {
        try {
            JsonNode node = json.read(document);
            Reading reading = read(host, node);
            return reading.problems().isEmpty()
                    ? new HostRate(
                            host,
                            reading.rate().perSecond(),
                            node.path("version").asLong(),
                            node.path("created_at").asLong(),
                            node.path("updated_at").asLong())
                    : null;
        } catch (MalformedJson broken) {
            return null;
        }
    }

    /** The definition alone: no host, version and times. */
    public ObjectNode write(HostRate rate) {
        return JsonNodeFactory.instance.objectNode().put(PER_SECOND, rate.perSecond());
    }
}
