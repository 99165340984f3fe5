package io.posthaste.queue.model;

/** What runs in the background finds nothing to repair. */
record Upkeep(Shard shard) implements Deed {
    @Override
    public void happen() {
        shard.run("retain", 100, 3_600_000, 100_000, 3_600_000, 3_600_000, 0);
        Object[] found = (Object[]) shard.run("reconcile", 1_000, "0", 100, Shard.LANES);
        Long none = 0L;
        Check.that(
                none.equals(found[1]) && none.equals(found[2]) && none.equals(found[3]),
                "reconcile found counts, lanes, ids: " + found[1] + " " + found[2] + " " + found[3]);
    }
}
