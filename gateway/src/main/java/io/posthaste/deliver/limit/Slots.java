package io.posthaste.deliver.limit;

import io.posthaste.job.Lease;
import io.posthaste.send.AnswerRoom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * How many more deliveries may start in this process, and with how many bytes. What is claimed beyond the number would
 * only wait while its lease runs; what is claimed beyond the bytes would fill the heap.
 */
public final class Slots {
    /** What is held of a job's body at once at most: its data, the rendered request, that request kept, and on the wire. */
    private static final int COPIES = 4;

    private final int total;
    private final long totalBytes;
    private final AnswerBytes answers;
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicLong takenBytes = new AtomicLong();

    /**
     * @param bytes of heap that the bodies of all deliveries in flight may take
     * @param answerBytes of heap for large answers
     */
    public Slots(int total, long bytes, long answerBytes) {
        this.total = total;
        this.totalBytes = countedOnce(bytes);
        this.answers = new AnswerBytes(answerBytes);
    }

    /** Of bodies that may be in flight when each is counted once, in so much heap. */
    static long countedOnce(long bytes) {
        return bytes / COPIES;
    }

    public int taken() {
        return taken.get();
    }

    /** Bytes of bodies that may still be claimed, 0 or less when there is no room. */
    public long freeBytes() {
        return totalBytes - takenBytes.get();
    }

    /** Bytes of heap that the bodies in flight may take. */
    public long takenBytes() {
        return COPIES * takenBytes.get();
    }

    /** For one lease, and never refused: it is leased already. */
    public Permit take(Lease lease) {
        return take(lease.bytes());
    }

    private Permit take(long bytes) {
        taken.incrementAndGet();
        takenBytes.addAndGet(bytes);
        return new Permit(bytes);
    }

    /** One slot that is taken, and what its delivery has with it: all of it comes back with the slot, whatever happened. */
    public final class Permit {
        private final long bytes;
        private final AtomicBoolean open = new AtomicBoolean(true);
        private volatile HostLimits.@Nullable Place place;
        private volatile boolean asked;

        private Permit(long bytes) {
            this.bytes = bytes;
        }

        /** Of its job's bodies, each counted once. */
        public long bytes() {
            return bytes;
        }

        /** Its delivery has this place; it is left with the slot, if it was not before. */
        public void occupies(HostLimits.Place place) {
            this.place = place;
        }

        /** Where its delivery's answer counts. */
        public AnswerRoom answersOf(String host) {
            return (wanted, whenFree) -> reserve(host, wanted, whenFree);
        }

        private boolean reserve(String host, long wanted, Runnable whenFree) {
            asked = true;
            boolean granted = answers.reserve(this, host, wanted, whenFree);
            if (!open.get()) {
                answers.release(this); // the slot came back just now, and nobody else would
            }
            return granted;
        }

        /** Gives the slot back, the first time it is asked to; true when there was no room for another before. */
        public boolean giveBack() {
            if (!open.compareAndSet(true, false)) {
                return false;
            }
            HostLimits.Place left = place;
            if (left != null) {
                left.giveUp();
            }
            if (asked) {
                answers.release(this);
            }
            boolean hadNoBytes = takenBytes.getAndAdd(-bytes) >= totalBytes;
            return taken.getAndDecrement() >= total || hadNoBytes;
        }
    }
}
