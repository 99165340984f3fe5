package io.posthaste.queue.browse;

import io.posthaste.job.Delivery;
import io.posthaste.job.DeliveryState;
import io.posthaste.queue.browse.Deliveries.Wanted;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** One place deliveries lie in, read newest first. */
interface DeliverySource {
    /** Letters only: it names the place in cursors. */
    String name();

    /** Whether this could be the position of a row here; a cursor is the caller's input. */
    boolean isPosition(String text);

    /** What deliveries found here may be. */
    Set<DeliveryState> states();

    /**
     * Looks on after this position, or from the newest on; bounded.
     *
     * @param effort how many times more is looked at than for a page that fills at once
     */
    Mono<Slice> slice(@Nullable String position, Wanted wanted, int effort);

    /**
     * @param time when it last changed, epoch ms
     * @param position what to continue after
     */
    record Row(long time, String position, Delivery delivery) {}

    /** How far was looked. */
    record End(long time, String position) {}

    /**
     * What was looked at.
     *
     * @param from the position that was asked for, empty for the beginning
     * @param rows those that are wanted
     * @param end null when there is nothing more
     */
    record Slice(
            String source,
            String from,
            List<Row> rows,
            @Nullable End end) {}
}
