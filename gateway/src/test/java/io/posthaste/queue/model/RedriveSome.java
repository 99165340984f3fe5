package io.posthaste.queue.model;

import java.util.Collection;
import java.util.List;

/** Somebody sends failed deliveries or drafts. */
record RedriveSome(Shard shard, Memory memory) implements Deed {
    @Override
    public void happen() {
        String state = memory.random.nextBoolean() ? "failed" : "drafted";
        List<String> resting = memory.idsThatAre(state);
        // Mostly those that can be, sometimes any.
        Collection<String> from = resting.isEmpty() || memory.random.nextInt(4) == 0 ? memory.alive.keySet() : resting;
        redrive(state, memory.some(from, 5));
    }

    /** All that rest like this, a hundred at most. */
    void all(String state) {
        redrive(state, memory.idsThatAre(state).stream().limit(100).toList());
    }

    private void redrive(String state, List<String> ids) {
        List<String> meant =
                ids.stream().filter(id -> state.equals(memory.alive.get(id))).toList();
        Object count = shard.run("redrive", state.equals("failed") ? "failed" : "drafts", ids);
        Check.that(Long.valueOf(meant.size()).equals(count), "redrive took " + count + " of " + meant.size());
        meant.forEach(memory::startAnew);
    }
}
