package io.posthaste.deliver;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Stops lanes whose receivers say so. */
@FunctionalInterface
public interface LanePauses {
    /** For tests without lanes. */
    LanePauses NONE = (lane, length, reason) -> Mono.empty();

    /**
     * What waits is kept.
     *
     * @param length null until somebody resumes it
     * @param reason one line for people
     */
    Mono<Void> pause(String lane, @Nullable Duration length, String reason);
}
