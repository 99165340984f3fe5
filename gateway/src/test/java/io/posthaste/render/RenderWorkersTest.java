package io.posthaste.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RenderWorkersTest {
    @Test
    void batchesRunOnNamedThreads() throws Exception {
        try (RenderWorkers workers = new RenderWorkers(2, 4)) {
            CompletableFuture<String> name = new CompletableFuture<>();
            workers.execute(() -> name.complete(Thread.currentThread().getName()));
            assertThat(name.get(10, TimeUnit.SECONDS)).startsWith("posthaste-render-");
        }
    }

    @Test
    void aFullQueueRefusesLoudly() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch started = new CountDownLatch(1);
        try (RenderWorkers workers = new RenderWorkers(1, 1)) {
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
        RenderWorkers workers = new RenderWorkers(1, 8);
        CountDownLatch done = new CountDownLatch(5);
        for (int i = 0; i < 5; i++) {
            workers.execute(done::countDown);
        }
        workers.close();
        assertThat(done.getCount()).isZero();
        assertThatThrownBy(() -> workers.execute(() -> {})).hasMessage("render workers: closed");
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
