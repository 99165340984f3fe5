package io.posthaste.deliver;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

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

    List<Permit> take(int count) {
        taken.addAndGet(count);
        return Stream.generate(Permit::new).limit(count).toList();
    }

    /** One slot that is taken. */
    final class Permit {
        private final AtomicBoolean open = new AtomicBoolean(true);

        /** Gives the slot back, the first time it is asked to; true when none was free before. */
        boolean giveBack() {
            return open.compareAndSet(true, false) && taken.getAndDecrement() >= total;
        }
    }
}
