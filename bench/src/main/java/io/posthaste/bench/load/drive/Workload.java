package io.posthaste.bench.load.drive;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of the contender: which actions, and whose data.
 *
 * @param template name of one of {@link Templates}
 * @param actions how many actions the jobs are dealt to in turn
 * @param bodyBytes least size of a job's data; the filling goes where the template renders it
 * @param dueMillis how long after it was enqueued a job is due; 0 for at once
 * @param attributes whose attributes the answers set
 */
public record Workload(String template, int actions, int bodyBytes, long dueMillis, Attributes attributes) {
    /** Whose attributes the answers set. */
    public enum Attributes {
        NOBODYS,
        /** Those of the job's own person. */
        OWN,
        /** Those of one of {@link #people}: many answers for each. */
        SHARED
    }

    /** The attribute that each answer adds 1 to. */
    public static final String COUNTED = "answers";

    public Workload(String template, int actions, int bodyBytes, long dueMillis) {
        this(template, actions, bodyBytes, dueMillis, Attributes.NOBODYS);
    }

    public Workload with(Attributes other) {
        return new Workload(template, actions, bodyBytes, dueMillis, other);
    }

    /** The action as the HTTP API takes it. {@code retry} is JSON, null for the standard policy. */
    public String action(int index, String url, @Nullable String retry) {
        return action(index, url, retry, null);
    }

    /** The same, whose receiver is reached by the connection of this name; null for as everybody is. */
    public String action(int index, String url, @Nullable String retry, @Nullable String connection) {
        return templates().action(actionId(index), url, retry, connection, attributes != Attributes.NOBODYS);
    }

    /**
     * A retry policy as the HTTP API takes it.
     *
     * @param delaysMillis numbers with commas between
     */
    public static String retry(int timeoutMillis, String delaysMillis) {
        return "{\"timeout_ms\": %d, \"delays_ms\": [%s], \"statuses\": [408, 409, 429, \"5xx\"]}"
                .formatted(timeoutMillis, delaysMillis);
    }

    public List<String> people() {
        return Templates.named(template).people(bodyBytes, attributes == Attributes.SHARED);
    }

    public Templates templates() {
        return Templates.named(template);
    }

    /** Those whom jobs name when they share people. */
    public static String personId(int index) {
        return "person-" + index;
    }

    public static String actionId(int index) {
        return "load-" + index;
    }

    /** The receiver's path of an action. */
    public static String path(int index) {
        return "/hook/" + index;
    }
}
