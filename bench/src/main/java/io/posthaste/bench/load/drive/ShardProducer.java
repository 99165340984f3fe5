package io.posthaste.bench.load.drive;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.posthaste.bench.load.process.RedisCluster;
import io.posthaste.bench.load.process.RedisConnection;
import io.posthaste.bench.load.process.RedisConnection.RedisError;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * An upstream service that writes to one shard of a cluster, a pipelined batch at a time. With {@code WAIT} a job is accepted
 * when a replica has it, without when the primary has answered. What was not accepted is repeated with the same id, wherever
 * the shard is then.
 */
final class ShardProducer {
    private static final int MOST_IN_BATCH = 512;
    private static final int ANSWER_MILLIS = 2_000;
    private static final byte[] WAIT = "*3\r\n$4\r\nWAIT\r\n$1\r\n1\r\n$3\r\n500\r\n".getBytes(US_ASCII);

    /** Between two looks at the clock. Sixteen of these that look as often as one producer would be half a processor. */
    private static final long TICK_NANOS = 1_000_000;

    private static final long RECONNECT_NANOS = 20_000_000;

    /** What was not accepted waits so long for its next try: new jobs are not held up by it. */
    private static final long AGAIN_NANOS = 500_000_000;

    private final RedisCluster cluster;
    private final Part part;
    private final Frames frames;
    private final Ledger ledger;
    private final Pace pace;
    private final boolean durable;
    private final Deque<Integer> again = new ArrayDeque<>();
    private long againAt;
    private final byte[] bytes = new byte[1 << 18];
    private volatile int next;
    private volatile boolean stopped;
    private volatile boolean done;

    /**
     * Which of a run's jobs are this producer's: {@code first}, and every {@code step}th from there.
     *
     * @param inbox where they go
     */
    record Part(String inbox, int first, int step) {}

    ShardProducer(RedisCluster cluster, Part part, Frames frames, Ledger ledger, Pace pace, boolean durable) {
        this.cluster = cluster;
        this.part = part;
        this.frames = frames;
        this.ledger = ledger;
        this.pace = pace;
        this.durable = durable;
        this.next = part.first();
    }

    void stop() {
        stopped = true;
    }

    boolean isDone() {
        return done;
    }

    /** The number that would be offered next. */
    int next() {
        return next;
    }

    void run() {
        while (!done && !Thread.currentThread().isInterrupted()) {
            try (RedisConnection redis = cluster.connect(part.inbox(), ANSWER_MILLIS)) {
                feed(redis);
            } catch (IOException e) {
                LockSupport.parkNanos(RECONNECT_NANOS);
            }
        }
    }

    private void feed(RedisConnection redis) throws IOException {
        while (!Thread.currentThread().isInterrupted()) {
            List<Integer> batch = new ArrayList<>();
            int length = fill(batch);
            if (!batch.isEmpty()) {
                send(redis, batch, length);
            } else if (isOver()) {
                done = true;
                return;
            } else {
                LockSupport.parkNanos(TICK_NANOS);
            }
        }
    }

    private boolean isOver() {
        return (stopped || next >= ledger.capacity()) && again.isEmpty();
    }

    private int fill(List<Integer> batch) {
        long now = Clock.micros();
        int length = 0;
        while (batch.size() < MOST_IN_BATCH) {
            Integer repeat = System.nanoTime() - againAt >= 0 ? again.peek() : null;
            if (repeat == null && (stopped || next >= Math.min(ledger.capacity(), pace.allowed(now)))) {
                return length;
            }
            int number = repeat == null ? next : repeat;
            int end = frames.write(number, 0, bytes, length);
            if (end < 0) {
                return length;
            }
            take(number, repeat != null, now);
            batch.add(number);
            length = end;
        }
        return length;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written by the producer's thread only
    private void take(int number, boolean repeat, long now) {
        if (repeat) {
            again.remove();
        } else {
            ledger.offer(number, pace.intended(number, now));
            next += part.step();
        }
    }

    private void send(RedisConnection redis, List<Integer> batch, int length) throws IOException {
        Deque<Integer> unanswered = new ArrayDeque<>(batch);
        List<Integer> written = new ArrayList<>();
        try {
            redis.write(bytes, length);
            if (durable) {
                redis.write(WAIT, WAIT.length);
            }
            boolean moved = readAnswers(redis, unanswered, written);
            if (durable && !(redis.read() instanceof Long replicas && replicas > 0)) {
                repeat(written);
            }
            long now = Clock.micros();
            written.forEach(number -> ledger.accept(number, now));
            written.clear();
            if (moved) {
                throw new IOException("the shard is elsewhere, or nowhere for a moment");
            }
        } catch (IOException e) {
            repeat(unanswered);
            repeat(written);
            throw e;
        }
    }

    /** Whether any was refused. */
    private boolean readAnswers(RedisConnection redis, Deque<Integer> unanswered, List<Integer> written)
            throws IOException {
        boolean refused = false;
        while (!unanswered.isEmpty()) {
            try {
                redis.read();
                written.add(unanswered.remove());
            } catch (RedisError refusal) {
                again(List.of(unanswered.remove()));
                refused = true;
            }
        }
        return refused;
    }

    private void repeat(Collection<Integer> numbers) {
        numbers.forEach(ledger::repeat);
        again(numbers);
        numbers.clear();
    }

    private void again(Collection<Integer> numbers) {
        if (!numbers.isEmpty()) {
            againAt = System.nanoTime() + AGAIN_NANOS;
        }
        again.addAll(numbers);
    }
}
