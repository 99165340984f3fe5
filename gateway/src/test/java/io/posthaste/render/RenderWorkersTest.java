package io.posthaste.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RenderWorkersTest {
    private final RenderWatch watch = new RenderWatch();

    @Test
    void batchesRunOnNamedThreads() throws Exception {
        try (RenderWorkers workers = workers(2, 4)) {
            CompletableFuture<String> name = new CompletableFuture<>();
            workers.execute(() -> name.complete(Thread.currentThread().getName()));
            assertThat(name.get(10, TimeUnit.SECONDS)).startsWith("posthaste-render-");
        }
    }

    @Test
    void aFullQueueRefusesLoudly() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch started = new CountDownLatch(1);
        try (RenderWorkers workers = workers(1, 1)) {
            workers.execute(() -> {
                started.countDown();
                awaitQuietly(release);
            });
            started.await();
            workers.execute(() -> {});
            assertThatThrownBy(() -> workers.execute(() -> {}))
                    .isInstanceOf(RejectedExecutionException.class)
                    .hasMessage("render workers: 1 batches wait already");
            release.countDown();
        }
    }

    @Test
    void closingFinishesWhatWasAcceptedAndRefusesMore() {
        RenderWorkers workers = workers(1, 8);
        CountDownLatch done = new CountDownLatch(5);
        for (int i = 0; i < 5; i++) {
            workers.execute(done::countDown);
        }
        workers.close();
        assertThat(done.getCount()).isZero();
        assertThatThrownBy(() -> workers.execute(() -> {})).hasMessage("render workers: closed");
    }

    @Test
    void aRenderingThatDoesNotEndIsGivenUpAndTheRestGoesOn() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Breaker breaker = new Breaker();
        CompletableFuture<Boolean> overran = new CompletableFuture<>();
        try (RenderWorkers workers = workers(1, 8)) {
            AtomicInteger next = new AtomicInteger();
            CountDownLatch others = new CountDownLatch(3);
            RenderWorkers.Batch batch = () -> {
                for (int i = next.getAndIncrement(); i < 4; i = next.getAndIncrement()) {
                    if (i > 0) {
                        others.countDown();
                        continue;
                    }
                    try (RenderWatch.Watched watched = watch.begin(breaker)) {
                        awaitStubbornly(release);
                        overran.complete(watched.overran());
                    }
                }
            };
            workers.execute(batch);

            others.await();
            assertThat(workers.stuck()).isEqualTo(1);
            assertThat(breaker.isOpen(Instant.now())).isTrue();

            release.countDown();
            assertThat(overran.get()).isTrue();
            await().until(() -> workers.stuck() == 0);
            CountDownLatch later = new CountDownLatch(1);
            workers.execute(later::countDown);
            later.await();
        }
    }

    private RenderWorkers workers(int threads, int queued) {
        return new RenderWorkers(
                threads, queued, new RenderWorkers.Watching(watch, Duration.ofMillis(10), InstantSource.system()));
    }

    /** As a filter that knows nothing of interrupts. */
    private static void awaitStubbornly(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            Thread.onSpinWait();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
