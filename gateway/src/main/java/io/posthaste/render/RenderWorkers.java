package io.posthaste.render;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that render: a fixed number, named, with a stack deep enough for the deepest template, and a bounded queue.
 * Renders end by their own deadline, so closing waits for them and none is left running (TPL-5).
 */
public final class RenderWorkers implements AutoCloseable {
    private static final long STACK_BYTES = 1 << 20;
    private static final Duration LONGEST_BATCH = Duration.ofSeconds(10);

    private final ThreadPoolExecutor pool;

    /**
     * @param threads how many; 0 for one per core
     * @param queued most batches that wait
     */
    public RenderWorkers(int threads, int queued) {
        int count = threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
        AtomicInteger number = new AtomicInteger();
        this.pool =
                new ThreadPoolExecutor(count, count, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(queued), batch -> {
                    Thread thread =
                            new Thread(null, batch, "posthaste-render-" + number.incrementAndGet(), STACK_BYTES);
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /**
     * Runs a batch on a worker.
     *
     * @throws RejectedExecutionException if so many batches wait already, or the workers are closed: the caller claimed
     *     more than there are slots
     */
    public void execute(Runnable batch) {
        try {
            pool.execute(batch);
        } catch (RejectedExecutionException e) {
            String state = pool.isShutdown() ? "closed" : pool.getQueue().size() + " batches wait already";
            throw new RejectedExecutionException("render workers: " + state, e);
        }
    }

    /** Lets what was accepted finish, for as long as that can take. */
    @Override
    public void close() {
        pool.shutdown();
        try {
            if (!pool.awaitTermination(LONGEST_BATCH.toMillis(), TimeUnit.MILLISECONDS)) {
                pool.shutdownNow();
            }
        } catch (InterruptedException e) {
            pool.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
