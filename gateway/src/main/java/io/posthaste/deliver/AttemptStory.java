package io.posthaste.deliver;

import io.posthaste.job.Attempt;
import io.posthaste.job.Header;
import io.posthaste.job.Outcome;
import io.posthaste.job.RenderedRequest;
import io.posthaste.job.Reply;
import io.posthaste.job.SecretValues;
import io.posthaste.job.Trip;
import io.posthaste.redact.Redaction;
import java.util.List;

/**
 * What is kept of an exchange beside its outcome, for those who look into a delivery.
 *
 * @param gateway this process
 */
public record AttemptStory(String gateway, Kept kept, Redaction redaction) {
    /** Of headers, as many as these: a story is read by people. */
    private static final int MOST_HEADERS = 40;

    /** What is kept. */
    public enum Kept {
        NONE,
        /** Of all the times of their phases, and headers of those that did not deliver. */
        FAILED,
        /** Times and headers of all. */
        ALL
    }

    Outcome told(Outcome outcome, RenderedRequest request, Reply reply) {
        if (kept == Kept.NONE) {
            return outcome;
        }
        boolean withHeaders = kept == Kept.ALL || !(outcome instanceof Outcome.Delivered);
        Trip trip = reply.trip();
        SecretValues secrets = withHeaders ? redaction.secretsOf(request) : SecretValues.NONE;
        List<Header> answered =
                withHeaders && reply instanceof Reply.Answered answer ? shown(answer.headers(), secrets) : List.of();
        return outcome.with(new Attempt.Details(
                gateway, trip.with(withHeaders ? shown(trip.sent(), secrets) : List.of()), answered));
    }

    private List<Header> shown(List<Header> headers, SecretValues secrets) {
        return headers.stream()
                .limit(MOST_HEADERS)
                .map(redaction::masked)
                .map(header -> new Header(header.name(), secrets.hide(header.value())))
                .toList();
    }
}
