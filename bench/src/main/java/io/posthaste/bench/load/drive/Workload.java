package io.posthaste.bench.load.drive;

import java.util.List;

/**
 * What is asked of the contender: which actions, and whose data.
 *
 * @param template name of one of {@link Templates}
 * @param actions how many actions the jobs are dealt to in turn
 * @param bodyBytes least size of a job's data; the filling goes where the template renders it
 * @param dueMillis how long after it was enqueued a job is due; 0 for at once
 */
public record Workload(String template, int actions, int bodyBytes, long dueMillis) {
    public Templates templates() {
        return Templates.named(template);
    }

    public List<String> people() {
        return templates().people(bodyBytes);
    }

    public static String actionId(int index) {
        return "load-" + index;
    }

    /** The receiver's path of an action. */
    public static String path(int index) {
        return "/hook/" + index;
    }
}
