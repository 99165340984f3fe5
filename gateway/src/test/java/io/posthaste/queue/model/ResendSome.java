package io.posthaste.queue.model;

import io.posthaste.queue.browse.History;
import io.posthaste.queue.record.Bytes;
import io.posthaste.queue.record.HistoryRecord;
import java.nio.ByteBuffer;

/** Somebody sends sent deliveries once more. */
record ResendSome(Shard shard, Memory memory) implements Deed {
    @Override
    public void happen() {
        memory.some(shard.sentBlocks(), 5).forEach(this::resendOneOf);
    }

    private void resendOneOf(byte[] sent) {
        History.Block block = History.block(ByteBuffer.wrap(sent));
        int record = memory.random.nextInt(block.records().size());
        ByteBuffer text = block.records().get(record);
        String id = Bytes.utf8(Bytes.take(text.duplicate(), text.get(0) + 1)).substring(1);
        boolean ended = HistoryRecord.decode(text.duplicate(), 0) != null
                && !shard.entries().containsKey(id);
        Object reply = shard.run("resend", id, block.number(), record + 1);
        Check.that(Long.valueOf(ended ? 1 : 0).equals(reply), id + ", ended " + ended + ", sent again: " + reply);
        if (ended) {
            if (memory.alive.containsKey(id)) {
                memory.repeated.add(id);
            }
            memory.startAnew(id);
        }
    }
}
