package io.posthaste.bench.load.drive;

/** Enqueues the jobs of a run, in a thread or process of its own. */
public interface Feed extends AutoCloseable {
    void start();

    /** Offers nothing new; what was offered is still seen through. */
    void stop();

    /** Whether every job offered was accepted. */
    boolean isDone();

    /** Jobs offered so far. */
    int offered();

    /** CPU time it took in microseconds, if it runs in a process of its own; else 0. */
    long cpuMicros();

    @Override
    void close();
}
