package io.posthaste.queue.browse;

import io.posthaste.job.Job;
import io.posthaste.queue.browse.Deliveries.NewJob;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A job as producers write it to the inbox. */
final class InboxEntry {
    private InboxEntry() {}

    /** Names and values in turn; what is as by default is left out. */
    static List<String> fields(NewJob job) {
        List<String> fields = new ArrayList<>(List.of("v", "1", "id", job.id()));
        add(fields, "action", job.target().action());
        add(fields, "data", job.data());
        add(fields, "request", job.target().request());
        add(fields, "lane", job.target().lane());
        add(fields, "at", job.atMillis() == 0 ? null : Long.toString(job.atMillis()));
        add(fields, "key", job.handling().key());
        add(fields, "draft", job.handling().draft() ? "1" : null);
        add(fields, "results", results(job.handling().results()));
        add(fields, "by", job.handling().by());
        add(fields, "order", job.handling().order());
        add(fields, "traceparent", job.handling().trace());
        add(fields, "grant", job.target().grant());
        return fields;
    }

    private static @Nullable String results(Job.Results results) {
        return switch (results) {
            case ALL -> null;
            case FINAL -> "final";
            case NONE -> "none";
        };
    }

    private static void add(List<String> fields, String name, @Nullable String value) {
        if (value != null) {
            fields.add(name);
            fields.add(value);
        }
    }
}
