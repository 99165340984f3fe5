package io.posthaste.queue;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.posthaste.job.Job;
import io.posthaste.testing.ManualClock;
import java.time.Duration;
import java.time.Instant;

class InMemoryJobQueueTest extends JobQueueContract {
    private final ManualClock clock = new ManualClock(Instant.parse("2026-05-01T12:00:00Z"));
    private final InMemoryJobQueue queue = new InMemoryJobQueue(clock, Duration.ofSeconds(25), Duration.ofSeconds(5));

    @Override
    JobQueue queue() {
        return queue;
    }

    @Override
    void add(String id, String lane, int bytes) {
        byte[] data = ("\"" + "x".repeat(bytes) + "\"").getBytes(UTF_8);
        queue.add(Job.of(id, lane, data, Job.Terms.of(id), clock.millis()));
    }

    @Override
    void leasesRunOut() {
        queue.attemptsTake(Duration.ofSeconds(-5));
    }

    @Override
    void leasesLast() {
        queue.attemptsTake(Duration.ofSeconds(25));
    }

    @Override
    void moment() {
        clock.advance(Duration.ofMillis(10));
    }
}
