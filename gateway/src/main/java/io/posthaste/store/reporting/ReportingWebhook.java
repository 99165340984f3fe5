package io.posthaste.store.reporting;

import java.util.Set;

/**
 * Where reporting events go (M84).
 *
 * @param id 1 to 64 of {@code A-Z a-z 0-9 . _ -}
 * @param url fixed: there is nothing to render; may carry credentials
 * @param metrics which events it hears
 * @param withContent whether {@code sent} events carry the body that was sent
 * @param enabled while it is not, nothing is kept for it
 * @param createdAtMillis epoch milliseconds
 * @param updatedAtMillis epoch milliseconds
 */
public record ReportingWebhook(
        String id,
        String url,
        Set<Metric> metrics,
        boolean withContent,
        boolean enabled,
        long createdAtMillis,
        long updatedAtMillis) {
    public ReportingWebhook {
        metrics = Set.copyOf(metrics);
    }

    /** What happened to a delivery, as M84 calls it, or to a lane. Requests have no links: nothing is ever {@code CLICKED}. */
    public enum Metric {
        DRAFTED,
        ATTEMPTED,
        SENT,
        CLICKED,
        FAILED,
        UNDELIVERABLE,
        LANE_PAUSED,
        LANE_FAILING,
        LANE_RECOVERED,
        BACKLOG_OLD,
        CERTIFICATE_EXPIRING;

        /** Those about deliveries: what a webhook hears that names none. */
        public static final Set<Metric> OF_DELIVERIES =
                Set.of(DRAFTED, ATTEMPTED, SENT, CLICKED, FAILED, UNDELIVERABLE);
    }

    /** Leaves out the URL, which may carry credentials. */
    @Override
    public String toString() {
        return "ReportingWebhook[" + id + ", metrics=" + metrics + ", enabled=" + enabled + "]";
    }
}
