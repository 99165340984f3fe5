package io.posthaste.queue.browse;

import io.posthaste.job.Delivery;
import io.posthaste.job.DeliveryState;
import io.posthaste.queue.browse.Deliveries.Wanted;
import io.posthaste.queue.record.HistoryRecord;
import io.posthaste.queue.record.RecordFilter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Ended deliveries of one history. A position is the number of a block and of a record in it. */
record EndedSource(String name, Set<DeliveryState> states, History history) implements DeliverySource {
    private static final int BLOCKS = 8;
    private static final Pattern POSITION = Pattern.compile("[0-9]{1,15}_[0-9]{1,9}");

    @Override
    public boolean isPosition(String text) {
        return POSITION.matcher(text).matches();
    }

    @Override
    public Mono<Slice> slice(@Nullable String position, Wanted wanted, int effort) {
        String from = position == null ? "" : position;
        return blocks(position, BLOCKS * effort)
                .map(blocks -> new Slice(name, from, rows(blocks, position, wanted), end(blocks)));
    }

    private static @Nullable End end(List<History.Block> blocks) {
        if (blocks.isEmpty()) {
            return null;
        }
        History.Block oldest = blocks.getFirst();
        return new End(oldest.endedAtMillis(), oldest.number() + "_0");
    }

    private Mono<List<History.Block>> blocks(@Nullable String position, int count) {
        if (position == null) {
            return history.newest(count);
        }
        long number = block(position);
        // The rest of the block that was begun, or else what lies before it.
        return history.before(record(position) > 0 ? number + 1 : number, count);
    }

    private static List<Row> rows(List<History.Block> blocks, @Nullable String position, Wanted wanted) {
        List<Row> rows = new ArrayList<>();
        RecordFilter filter = new RecordFilter(wanted.customer(), wanted.key(), wanted.host());
        for (History.Block block : blocks.reversed()) {
            int last = position != null && block(position) == block.number()
                    ? record(position)
                    : block.records().size();
            for (int i = last - 1; i >= 0; i--) {
                ByteBuffer record = block.records().get(i);
                // Most records are not wanted: what says so is a few bytes of theirs.
                Delivery delivery =
                        filter.admits(record) ? HistoryRecord.decode(record.duplicate(), block.endedAtMillis()) : null;
                if (delivery != null && wanted.isMetBy(delivery, block.endedAtMillis())) {
                    rows.add(new Row(block.endedAtMillis(), block.number() + "_" + i, delivery));
                }
            }
        }
        return rows;
    }

    private static long block(String position) {
        return Long.parseLong(position, 0, position.indexOf('_'), 10);
    }

    private static int record(String position) {
        return Integer.parseInt(position, position.indexOf('_') + 1, position.length(), 10);
    }
}
