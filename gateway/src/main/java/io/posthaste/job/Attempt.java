package io.posthaste.job;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request of a delivery, as it is remembered.
 *
 * @param number counted from 1
 * @param startedAtMillis epoch milliseconds
 * @param status the HTTP status, or 0 when there was no answer
 * @param elapsedMillis from connecting to the last byte
 * @param reason empty when delivered, otherwise one line for people: {@code HTTP 503}, {@code timeout after 4 s}
 * @param excerpt the start of the response body as text, empty if none
 * @param details more of it for those who look into it; null when nothing more is kept
 */
public record Attempt(
        int number,
        long startedAtMillis,
        int status,
        long elapsedMillis,
        String reason,
        String excerpt,
        @Nullable Details details) {
    /** Of which no more is kept. */
    public Attempt(int number, long startedAtMillis, int status, long elapsedMillis, String reason, String excerpt) {
        this(number, startedAtMillis, status, elapsedMillis, reason, excerpt, null);
    }

    /**
     * Who made it, and how it went. Nothing in here is secret.
     *
     * @param gateway the process
     * @param trip with the headers that are kept of the request
     * @param answered headers that are kept of the answer
     */
    public record Details(String gateway, Trip trip, List<Header> answered) {}

    public Attempt with(@Nullable Details more) {
        return new Attempt(number, startedAtMillis, status, elapsedMillis, reason, excerpt, more);
    }
}
