package io.posthaste.audit;

/**
 * Something that somebody changed or decided through the API. What it was changed to is not in it: versions of actions are
 * kept by themselves, and secrets nowhere.
 *
 * @param requestId as the answer and the log have it
 * @param atMillis epoch milliseconds; 0 before it is kept
 * @param who name of the token
 * @param from address of the caller
 * @param subject method and path: {@code PUT /v1/actions/crm}, without a query
 * @param status of the answer
 * @param version of what was stored, 0 for what has none; the one before is one less
 */
public record AuditEvent(
        String requestId, long atMillis, String who, String from, Subject subject, int status, long version) {
    /** What was called. */
    public record Subject(String method, String path) {}
}
