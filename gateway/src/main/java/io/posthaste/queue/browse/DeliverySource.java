package io.posthaste.queue.browse;

import io.posthaste.job.Delivery;
import io.posthaste.job.DeliveryState;
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

    /** The next rows after this position, or from the newest on; bounded. */
    Mono<Slice> slice(@Nullable String position);

    /**
     * @param time when it last changed, epoch ms
     * @param position what to continue after
     */
    record Row(long time, String position, Delivery delivery) {}

    /**
     * @param from the position that was asked for, empty for the beginning
     * @param ended whether nothing follows, as when there are no rows
     */
    record Slice(String source, String from, List<Row> rows, boolean ended) {
        public Slice {
            ended = ended || rows.isEmpty();
        }
    }
}
