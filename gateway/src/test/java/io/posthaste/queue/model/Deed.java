package io.posthaste.queue.model;

/** Something that happens to a shard, with whatever must come of it. */
@FunctionalInterface
interface Deed {
    /** @throws AssertionError when something else came of it */
    void happen();
}
