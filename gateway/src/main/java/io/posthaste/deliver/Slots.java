package io.posthaste.deliver;

import io.posthaste.job.Lease;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many more deliveries may start in this process, and with how many bytes. What is claimed beyond the number would
 * only wait while its lease runs; what is claimed beyond the bytes would fill the heap.
 */
final class Slots {
    /** What is held of a job's body at once at most: its data, the rendered request, that request kept, and on the wire. */
    private static final int COPIES = 4;

    private final int total;
    private final long totalBytes;
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicLong takenBytes = new AtomicLong();

    /** @param bytes of heap that the bodies of all deliveries in flight may take */
    Slots(int total, long bytes) {
        this.total = total;
        this.totalBytes = bytes / COPIES;
    }

    int taken() {
        return taken.get();
    }

    /** Bytes of bodies that may still be claimed, 0 or less when there is no room. */
    long freeBytes() {
        return totalBytes - takenBytes.get();
    }

    /** Bytes of heap that the bodies in flight may take. */
    long takenBytes() {
        return COPIES * takenBytes.get();
    }

    /** One for each, and never refused: they are leased already. */
    List<Permit> take(List<Lease> leases) {
        return leases.stream().map(lease -> take(lease.bytes())).toList();
    }

    private Permit take(long bytes) {
        taken.incrementAndGet();
        takenBytes.addAndGet(bytes);
        return new Permit(bytes);
    }

    /** One slot that is taken. */
    final class Permit {
        private final long bytes;
        private final AtomicBoolean open = new AtomicBoolean(true);

        private Permit(long bytes) {
            this.bytes = bytes;
        }

        /** Gives the slot back, the first time it is asked to; true when there was no room for another before. */
        boolean giveBack() {
            if (!open.compareAndSet(true, false)) {
                return false;
            }
            boolean hadNoBytes = takenBytes.getAndAdd(-bytes) >= totalBytes;
            return taken.getAndDecrement() >= total || hadNoBytes;
        }
    }
}
