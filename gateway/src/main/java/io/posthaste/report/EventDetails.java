package io.posthaste.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.job.Job;
import io.posthaste.job.Outcome;
import io.posthaste.job.RenderedRequest;
import io.posthaste.send.InvalidUrlException;
import io.posthaste.send.Target;
import io.posthaste.store.reporting.ReportingWebhooks.Interest;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What the gateway adds to a state change while it still has the job at hand: the ids of M84, recipient and content. */
public final class EventDetails {
    /** Longer bodies are left out: every event is kept until its slowest reader has it. */
    private static final int LONGEST_CONTENT = 64 << 10;

    private final Supplier<Interest> interest;
    private final Function<RenderedRequest, Target> targets;
    private final UnaryOperator<String> masked;

    /**
     * @param interest asked for each settlement
     * @param targets takes a request's URL apart; may fail with {@link InvalidUrlException}
     * @param masked hides secrets in what goes out (M89)
     */
    public EventDetails(
            Supplier<Interest> interest, Function<RenderedRequest, Target> targets, UnaryOperator<String> masked) {
        this.interest = interest;
        this.targets = targets;
        this.masked = masked;
    }

    /** A JSON object, or null while nobody wants to hear anything. */
    public byte @Nullable [] of(Job job, @Nullable RenderedRequest request, Outcome outcome) {
        Interest wanted = interest.get();
        if (wanted == Interest.NOTHING) {
            return null;
        }
        ObjectNode details = ReportedIds.of(job.data());
        if (request != null) {
            addRecipient(details, request);
            if (wanted == Interest.EVENTS_WITH_CONTENT && outcome instanceof Outcome.Delivered) {
                addContent(details, request);
            }
        }
        return details.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The URL without credentials (M63). */
    private void addRecipient(ObjectNode details, RenderedRequest request) {
        try {
            details.put("recipient", hidden(request, targets.apply(request).withoutCredentials()));
        } catch (InvalidUrlException neverDialled) {
            // It failed for that, and its reason says so.
        }
    }

    /** Its own secrets too: they may have been replaced since it was rendered. */
    private String hidden(RenderedRequest request, String text) {
        return masked.apply(request.secrets().hide(text));
    }

    private void addContent(ObjectNode details, RenderedRequest request) {
        if (request.body().length <= LONGEST_CONTENT) {
            details.put("content", hidden(request, new String(request.body(), StandardCharsets.UTF_8)));
        }
    }
}
