package io.posthaste.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** The stored person whom the demo's partners change by what they answer: before, and after. */
final class DemoPerson {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String ROW = "%-42s %-10s %s";
    private static final String WORTH = "lifetime_value";

    /** What one answer to a payment adds. */
    private static final double PAYMENT = 20;

    private final ApiClient api;
    private final String path = "/v1/people/" + Recipe.person().path("id").asText();
    private final JsonNode before;

    /** Stores the person as they are to begin with. */
    DemoPerson(ApiClient api) {
        this.api = api;
        this.before = api.put(path, Recipe.person().path("attributes").toString());
    }

    /** The person once the answers to {@code payments} and one answer each of the others are in, or patience has ended. */
    JsonNode after(int payments) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        JsonNode now = api.get(path);
        while (!isComplete(now, payments) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            now = api.get(path);
        }
        return now;
    }

    /** Whether each payment counted, exactly once, and the other answers are there. */
    boolean isComplete(JsonNode person, int payments) {
        double expected = before.path(WORTH).asDouble() + PAYMENT * payments;
        return person.has("ticket_id")
                && person.has("lead_id")
                && person.path(WORTH).asDouble() == expected;
    }

    Stream<String> rows(JsonNode after) {
        String title = ROW.formatted("person " + before.path("id").asText(), "before", "after");
        return Stream.concat(
                Stream.of(title),
                List.of("ticket_id", "lead_id", WORTH).stream()
                        .map(name -> ROW.formatted("  " + name, text(before, name), text(after, name))));
    }

    private static String text(JsonNode person, String name) {
        return person.path(name).asText("-");
    }
}
