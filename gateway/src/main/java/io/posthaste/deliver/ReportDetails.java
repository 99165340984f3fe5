package io.posthaste.deliver;

import io.posthaste.job.Job;
import io.posthaste.job.Outcome;
import io.posthaste.job.RenderedRequest;
import org.jspecify.annotations.Nullable;

/** What reporting webhooks are to hear of a job beside its outcome (M84). */
@FunctionalInterface
public interface ReportDetails {
    /**
     * A JSON object, or null while there are no reporting webhooks: then this costs a look at a field.
     *
     * @param request what was or would be sent, or null when nothing was rendered
     */
    byte @Nullable [] of(Job job, @Nullable RenderedRequest request, Outcome outcome);
}
