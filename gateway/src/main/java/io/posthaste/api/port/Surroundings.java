package io.posthaste.api.port;

import io.posthaste.store.audit.AuditStore;
import java.time.InstantSource;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * Time, chance and threads for the API.
 *
 * @param ids unique names for requests and for jobs that bring none; 1 to 64 of {@code A-Z a-z 0-9 . _ -}
 * @param work where pages are put together and delays are waited out
 * @param outage what a failure of Redis means, in one sentence; null when it is none
 * @param audit what was changed, and by whom
 */
public record Surroundings(
        InstantSource clock,
        LongSupplier nanoTime,
        Supplier<String> ids,
        Scheduler work,
        Function<Throwable, @Nullable String> outage,
        AuditStore audit) {}
