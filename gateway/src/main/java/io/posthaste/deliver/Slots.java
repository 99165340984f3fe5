package io.posthaste.deliver;

import java.util.concurrent.atomic.AtomicInteger;

/** How many more deliveries may start in this process. What is claimed beyond it would only wait while its lease runs. */
final class Slots {
    private final int total;
    private final AtomicInteger taken = new AtomicInteger();

    Slots(int total) {
        this.total = total;
    }

    int taken() {
        return taken.get();
    }

    void take(int count) {
        taken.addAndGet(count);
    }

    /** Gives one slot back; true when none was free before. */
    boolean giveBack() {
        return taken.getAndDecrement() >= total;
    }
}
