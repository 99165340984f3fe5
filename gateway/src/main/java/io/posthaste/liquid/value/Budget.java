package io.posthaste.liquid.value;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What one render may still use: steps, loop iterations, bytes of a value, bytes of all values together, time. Not
 * thread-safe; one per render.
 */
public final class Budget {
    /** Steps between two looks at the clock: a step is tens of nanoseconds, so the deadline is overrun by microseconds. */
    private static final int STRIDE = 512;

    /** Heap that the values of one render may take, by estimate: an eighth of the heap for all cores, within bounds. */
    private static final long MOST_RETAINED = Math.clamp(
            Runtime.getRuntime().maxMemory() / 8 / Runtime.getRuntime().availableProcessors(), 8L << 20, 32L << 20);

    /** A reference in a list, with its share of what the list keeps free. */
    private static final int BYTES_OF_ITEM = 8;

    private final LongSupplier nanoTime;
    private final long maxSteps;
    private final int maxIterations;
    private final int maxValueBytes;
    private final Duration deadline;
    private final long startedAt;
    private long stepsUsed;
    private int stride = STRIDE;
    private int iterationsLeft;
    private long retainedLeft = MOST_RETAINED;

    public Budget(LongSupplier nanoTime, long maxSteps, int maxIterations, int maxValueBytes, Duration deadline) {
        this.nanoTime = nanoTime;
        this.maxSteps = maxSteps;
        this.maxIterations = maxIterations;
        this.maxValueBytes = maxValueBytes;
        this.deadline = deadline;
        this.startedAt = nanoTime.getAsLong();
        this.iterationsLeft = maxIterations;
    }

    /** Counts one unit of work. */
    public void step() {
        if (--stride <= 0) {
            settle();
        }
    }

    /** Counts work that depends on data, in units. */
    public void steps(int count) {
        stride -= Math.min(count, Integer.MAX_VALUE / 2);
        if (stride <= 0) {
            settle();
        }
    }

    /**
     * Counts a look at a value: a text or a list may be looked through from end to end. What hangs on a list or an
     * object is not counted here, so the clock is looked at for each.
     */
    public void visit(Object value) {
        switch (value) {
            case String text -> steps((text.length() >> 6) + 1);
            case Range range -> step(); // Holds none of its items.
            case List<?> list -> {
                steps((list.size() >> 6) + 1);
                settle();
            }
            case Map<?, ?> map -> {
                step();
                settle();
            }
            default -> step();
        }
    }

    /**
     * Counts heap that was made and may be kept. What is let go again is not given back: it had to be made.
     *
     * @param bytes by estimate
     */
    public void retain(long bytes) {
        retainedLeft -= bytes;
        if (retainedLeft < 0) {
            throw new LimitException("bytes in all values", MOST_RETAINED);
        }
    }

    /** Counts what a filter gave. */
    public Object made(Object value) {
        switch (value) {
            case String text -> retain(text.length());
            case Range range -> {}
            case List<?> list -> retain((long) list.size() * BYTES_OF_ITEM);
            default -> {}
        }
        return value;
    }

    /** Counts one turn of a loop. */
    public void iteration() {
        if (--iterationsLeft < 0) {
            throw new LimitException("loop iterations", maxIterations);
        }
        step();
    }

    /** Passes a text on if it is not too long; also counts what it cost. */
    public String text(String value) {
        length(value.length());
        return value;
    }

    /** Passes a list on if it is not too long; also counts what it cost. */
    public <T> List<T> list(List<T> value) {
        length(value.size());
        return value;
    }

    /** Refuses a value of that many bytes or items. */
    public void length(long length) {
        if (length > maxValueBytes) {
            throw new LimitException("bytes in one value", maxValueBytes);
        }
        steps((int) (length >> 6) + 1);
    }

    /** What was counted until now. */
    long stepsCounted() {
        return stepsUsed + STRIDE - stride;
    }

    /** The same of heap, by estimate. */
    long bytesCounted() {
        return MOST_RETAINED - retainedLeft;
    }

    public int maxValueBytes() {
        return maxValueBytes;
    }

    private void settle() {
        stepsUsed += STRIDE - stride;
        stride = STRIDE;
        if (stepsUsed > maxSteps) {
            throw new LimitException("steps", maxSteps);
        }
        if (nanoTime.getAsLong() - startedAt > deadline.toNanos()) {
            throw new LimitException("milliseconds", deadline.toMillis());
        }
    }
}
