package io.posthaste.queue.browse;

import io.posthaste.job.DeliveryState;
import io.posthaste.queue.record.HistoryRecord;
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
    public Mono<Slice> slice(@Nullable String position) {
        String from = position == null ? "" : position;
        return blocks(position).map(blocks -> new Slice(name, from, rows(blocks, position), blocks.isEmpty()));
    }

    private Mono<List<History.Block>> blocks(@Nullable String position) {
        if (position == null) {
            return history.newest(BLOCKS);
        }
        long number = block(position);
        // The rest of the block that was begun, or else what lies before it.
        return history.before(record(position) > 0 ? number + 1 : number, BLOCKS);
    }

    private static List<Row> rows(List<History.Block> blocks, @Nullable String position) {
        List<Row> rows = new ArrayList<>();
        for (History.Block block : blocks.reversed()) {
            int last = position != null && block(position) == block.number()
                    ? record(position)
                    : block.records().size();
            for (int i = last - 1; i >= 0; i--) {
                var delivery = HistoryRecord.decode(block.records().get(i).duplicate(), block.endedAtMillis());
                if (delivery != null) {
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
