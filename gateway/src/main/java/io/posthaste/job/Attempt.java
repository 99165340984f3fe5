package io.posthaste.job;

/**
 * One HTTP request of a delivery, as it is remembered.
 *
 * @param number counted from 1
 * @param startedAtMillis epoch milliseconds
 * @param status the HTTP status, or 0 when there was no answer
 * @param elapsedMillis from connecting to the last byte
 * @param reason empty when delivered, otherwise one line for people: {@code HTTP 503}, {@code timeout after 4 s}
 * @param excerpt the start of the response body as text, empty if none
 */
public record Attempt(
        int number, long startedAtMillis, int status, long elapsedMillis, String reason, String excerpt) {}
