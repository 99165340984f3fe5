package io.posthaste.render;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that render: a fixed number, named, with a stack deep enough for the deepest template, and a bounded queue.
 * Renders end by their own deadline, so closing waits for them and none is left running (TPL-5).
 *
 * <p>One that does not end keeps its thread: no thread can be ended from outside. Another takes its place, as long as
 * there are not too many of them, and what waited behind it goes on there.
 */
public final class RenderWorkers implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RenderWorkers.class);

    private static final long STACK_BYTES = 1 << 20;
    private static final Duration LONGEST_BATCH = Duration.ofSeconds(10);

    /** A rendering that took so many times its deadline will not look at it any more. */
    private static final int OVERRUN = 10;

    private static final Duration SHORTEST_OVERRUN = Duration.ofMillis(500);
    private static final Duration LOOK = Duration.ofMillis(100);

    /** Threads that may be stuck and replaced, beside the number of workers. */
    private static final int MOST_STUCK = 16;

    private final ThreadPoolExecutor pool;
    private final int count;
    private final Watching watching;
    private final ScheduledExecutorService watchdog = Executors.newSingleThreadScheduledExecutor(run -> {
        Thread thread = new Thread(run, "posthaste-render-watch");
        thread.setDaemon(true);
        return thread;
    });
    private final ConcurrentMap<Thread, Runnable> running = new ConcurrentHashMap<>();
    private final AtomicInteger stuck = new AtomicInteger();

    /** Several pieces of work; may be run by more than one thread at a time, each of which takes what none has taken. */
    public interface Batch extends Runnable {}

    /**
     * @param watch knows what is being rendered
     * @param deadline longest time one rendering may take
     */
    public record Watching(RenderWatch watch, Duration deadline, InstantSource clock) {
        private int looks() {
            return Math.toIntExact(Math.max(SHORTEST_OVERRUN.toNanos(), deadline.toNanos() * OVERRUN) / LOOK.toNanos());
        }
    }

    /**
     * @param threads how many; 0 for one per core
     * @param queued most batches that wait
     */
    public RenderWorkers(int threads, int queued, Watching watching) {
        this.count = threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
        this.watching = watching;
        AtomicInteger number = new AtomicInteger();
        this.pool =
                new ThreadPoolExecutor(count, count, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(queued), batch -> {
                    Thread thread =
                            new Thread(null, batch, "posthaste-render-" + number.incrementAndGet(), STACK_BYTES);
                    thread.setDaemon(true);
                    return thread;
                });
        var unused =
                watchdog.scheduleWithFixedDelay(this::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Runs a batch on a worker.
     *
     * @throws RejectedExecutionException if so many batches wait already, or the workers are closed: the caller claimed
     *     more than there are slots
     */
    public void execute(Runnable batch) {
        try {
            pool.execute(() -> run(batch));
        } catch (RejectedExecutionException e) {
            String state = pool.isShutdown() ? "closed" : pool.getQueue().size() + " batches wait already";
            throw new RejectedExecutionException("render workers: " + state, e);
        }
    }

    private void run(Runnable batch) {
        Thread thread = Thread.currentThread();
        running.put(thread, batch);
        try {
            batch.run();
        } finally {
            if (running.remove(thread) == null) {
                // It was replaced: there is one thread too many now.
                resize(stuck.decrementAndGet());
            }
        }
    }

    /** Threads that are stuck in a rendering. */
    public int stuck() {
        return stuck.get();
    }

    private void look() {
        try {
            watching.watch()
                    .giveUp(watching.looks(), watching.clock().instant())
                    .forEach(this::replace);
        } catch (RuntimeException bug) {
            log.atError().setCause(bug).log("render.watch_failed");
        }
    }

    private void replace(Thread thread) {
        StackTraceElement[] trace = thread.getStackTrace();
        Runnable batch = running.get(thread);
        boolean replaced = batch != null && stuck.get() < MOST_STUCK && running.remove(thread, batch);
        log.atError()
                .addKeyValue("thread", thread.getName())
                .addKeyValue("in", trace.length == 0 ? "" : trace[0])
                .addKeyValue("replaced", replaced)
                .addKeyValue("stuck", stuck.get() + (replaced ? 1 : 0))
                .log("render.overran");
        if (!replaced) {
            return;
        }
        resize(stuck.incrementAndGet());
        thread.interrupt(); // Ends a filter that waits.
        if (batch instanceof Batch rest) {
            execute(rest);
        }
    }

    private synchronized void resize(int more) {
        int size = count + Math.max(0, more);
        if (size > pool.getMaximumPoolSize()) {
            pool.setMaximumPoolSize(size);
            pool.setCorePoolSize(size);
        } else {
            pool.setCorePoolSize(size);
            pool.setMaximumPoolSize(size);
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
        } finally {
            watchdog.shutdownNow();
        }
    }
}
