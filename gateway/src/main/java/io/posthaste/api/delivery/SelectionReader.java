package io.posthaste.api.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import io.posthaste.json.Fields;
import io.posthaste.queue.upkeep.Operations.Kind;
import io.posthaste.queue.upkeep.Operations.Selection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads which deliveries an operation is about; what is wrong is noted in the fields. */
final class SelectionReader {
    private static final int PER_SECOND = 100;
    private static final int MOST_PER_SECOND = 1_000;

    private SelectionReader() {}

    /** All conditions are optional. */
    static Selection failed(Fields fields) {
        return new Selection(
                Kind.RESEND,
                JobReader.id(fields, "action"),
                reason(fields),
                JobReader.time(fields, "since"),
                JobReader.time(fields, "until"),
                perSecond(fields),
                limit(fields));
    }

    /** Drafts are always those of one action. */
    static Selection drafts(Kind kind, Fields fields) {
        String action = JobReader.id(fields, "action");
        return new Selection(kind, action, null, 0, 0, perSecond(fields), limit(fields));
    }

    private static @Nullable String reason(Fields fields) {
        JsonNode reason = fields.node("reason");
        if (reason.isMissingNode()) {
            return null;
        }
        String text = fields.text("reason", null, 512);
        if (reason.isTextual() && text.isEmpty()) {
            fields.problem("reason", "is empty", "leave it out for any reason, or give text that the reason contains");
        }
        return text;
    }

    private static int perSecond(Fields fields) {
        return Objects.requireNonNullElse(fields.integer("per_second", PER_SECOND, 1, MOST_PER_SECOND), PER_SECOND);
    }

    private static int limit(Fields fields) {
        return Objects.requireNonNullElse(
                fields.integer("limit", Integer.MAX_VALUE, 1, Integer.MAX_VALUE), Integer.MAX_VALUE);
    }
}
