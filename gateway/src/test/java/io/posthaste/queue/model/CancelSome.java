package io.posthaste.queue.model;

import java.util.List;
import java.util.stream.Stream;

/** Somebody cancels deliveries, whatever they are. */
record CancelSome(Shard shard, Memory memory) implements Deed {
    @Override
    public void happen() {
        if (!memory.anyId()) {
            return;
        }
        List<String> ids =
                Stream.of(memory.someId(), memory.someId()).distinct().toList();
        Object[] reply = (Object[]) shard.run("cancel", 10_000, 100, 0, "", ids);
        for (int i = 0; i < ids.size(); i++) {
            cancelled(ids.get(i), Long.valueOf(1).equals(reply[i]));
        }
    }

    private void cancelled(String id, boolean done) {
        if (memory.held.containsKey(id)) {
            Check.that(done, id + " is in flight and was not marked");
            memory.cancelling.add(id);
        } else if (done) {
            Check.that(memory.alive.containsKey(id), id + " was cancelled though it had ended");
            memory.end(id);
        }
    }
}
