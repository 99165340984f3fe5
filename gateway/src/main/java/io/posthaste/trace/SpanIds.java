package io.posthaste.trace;

import io.posthaste.digest.Sha256;
import io.posthaste.job.Lease;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Ids of a turn's trace. A producer's trace goes on; without one, the delivery's id decides, so that all its attempts are one
 * trace, whichever gateways make them.
 *
 * @param flags as in a traceparent: {@code 01} for sampled
 * @param send id of the span of the request
 */
record SpanIds(String trace, String parent, String flags, String send) {
    private static final Pattern CONTEXT =
            Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?");

    static SpanIds of(Lease lease) {
        String id = lease.job().id();
        String send = digest(id + " " + lease.hold().token()).substring(0, 16);
        Matcher context = context(lease.job().terms().trace());
        if (context != null) {
            return new SpanIds(context.group(1), context.group(2), context.group(3), send);
        }
        String own = digest(id + " " + lease.job().enqueuedAtMillis());
        return new SpanIds(own.substring(0, 32), own.substring(32, 48), "01", send);
    }

    /** Null for what is no trace context; the trace then begins here. */
    private static @Nullable Matcher context(@Nullable String text) {
        Matcher context = CONTEXT.matcher(text == null ? "" : text);
        return context.matches() ? context : null;
    }

    String header() {
        return "00-" + trace + "-" + send + "-" + flags;
    }

    boolean isSampled() {
        return (Integer.parseInt(flags, 16) & 1) == 1;
    }

    private static String digest(String text) {
        return HexFormat.of().formatHex(Sha256.of(text));
    }
}
