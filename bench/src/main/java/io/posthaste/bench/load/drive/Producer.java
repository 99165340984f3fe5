package io.posthaste.bench.load.drive;

import io.posthaste.bench.load.process.LoadException;
import io.posthaste.bench.load.process.RedisAddress;
import io.posthaste.bench.load.process.RedisConnection;
import io.posthaste.bench.load.process.RedisConnection.RedisError;
import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * An upstream service: one connection, pipelined {@code XADD}s. A job is accepted when Redis has answered; after a lost
 * connection the unanswered commands are repeated with the same ids, as the contract tells producers to.
 */
public final class Producer implements Feed {
    private static final int MOST_UNANSWERED = 16_384;
    /** Between two looks at the clock: short beside the latencies measured, long beside a system call. */
    private static final long TICK_NANOS = 250_000;

    private static final long REFUSED_NANOS = 1_000_000;
    private static final long RECONNECT_NANOS = 20_000_000;

    private final RedisAddress address;
    private final Commands commands;
    private final Ledger ledger;
    private final Pace pace;
    private final long dueMillis;
    private final ArrayBlockingQueue<Integer> unanswered = new ArrayBlockingQueue<>(MOST_UNANSWERED);
    private final ConcurrentLinkedQueue<Integer> again = new ConcurrentLinkedQueue<>();
    private final AtomicInteger rejected = new AtomicInteger();
    private final byte[] batch = new byte[1 << 18];
    private final Thread thread = new Thread(this::run, "producer");
    private volatile int next;
    private volatile boolean stopped;
    private volatile boolean done;
    private volatile boolean broken;
    private volatile @Nullable Exception failure;

    public Producer(RedisAddress address, Commands commands, Ledger ledger, Pace pace, long dueMillis) {
        this.address = address;
        this.commands = commands;
        this.ledger = ledger;
        this.pace = pace;
        this.dueMillis = dueMillis;
    }

    @Override
    public void start() {
        thread.start();
    }

    @Override
    public void stop() {
        stopped = true;
    }

    @Override
    public boolean isDone() {
        Exception cause = failure;
        if (cause != null) {
            throw new LoadException("the producer failed: " + cause.getMessage(), cause);
        }
        return done;
    }

    @Override
    public int offered() {
        return next;
    }

    /** How often Redis refused a job, which was then offered again. */
    public int rejected() {
        return rejected.get();
    }

    @Override
    public long cpuMicros() {
        return 0;
    }

    @Override
    public void close() {
        stop();
        thread.interrupt();
    }

    private void run() {
        try {
            while (!done && !Thread.currentThread().isInterrupted()) {
                connectAndFeed();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    private void connectAndFeed() throws InterruptedException {
        try (RedisConnection connection = RedisConnection.open(address)) {
            broken = false;
            Thread reader = new Thread(() -> readAnswers(connection), "producer-answers");
            reader.start();
            try {
                feed(connection);
            } finally {
                connection.hangUp();
                reader.join();
            }
        } catch (IOException e) {
            LockSupport.parkNanos(RECONNECT_NANOS);
        }
        repeatUnanswered();
    }

    private void feed(RedisConnection connection) throws IOException {
        while (!broken && !Thread.currentThread().isInterrupted()) {
            int length = fill();
            if (length > 0) {
                connection.write(batch, length);
            } else if (isOver()) {
                done = true;
                return;
            } else {
                LockSupport.parkNanos(TICK_NANOS);
            }
        }
    }

    private boolean isOver() {
        return (stopped || next == ledger.capacity()) && unanswered.isEmpty() && again.isEmpty();
    }

    /** As many commands as are allowed now and fit; how many bytes. */
    private int fill() {
        long now = Clock.micros();
        int length = 0;
        while (length >= 0 && unanswered.remainingCapacity() > 0) {
            Integer repeat = again.peek();
            if (repeat == null && (stopped || next >= Math.min(ledger.capacity(), pace.allowed(now)))) {
                return length;
            }
            int number = repeat == null ? next : repeat;
            int end = commands.write(number, now / 1000 + dueMillis, batch, length);
            if (end < 0) {
                return length;
            }
            send(number, repeat != null, now);
            length = end;
        }
        return length;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written by the producer's thread only
    private void send(int number, boolean repeat, long now) {
        unanswered.add(number);
        if (repeat) {
            again.remove();
        } else {
            ledger.offer(number, pace.intended(number, now) + dueMillis * 1000);
            next++;
        }
    }

    private void readAnswers(RedisConnection connection) {
        try {
            while (true) {
                readAnswer(connection);
            }
        } catch (IOException e) {
            // A lost connection: the writer notices and connects again.
        } finally {
            broken = true;
        }
    }

    private void readAnswer(RedisConnection connection) throws IOException {
        try {
            connection.read();
            ledger.accept(unanswered.element(), Clock.micros());
        } catch (RedisError refused) {
            rejected.incrementAndGet();
            again.add(unanswered.element());
            // A Redis that is loading or full is not asked as fast as it can refuse.
            LockSupport.parkNanos(REFUSED_NANOS);
        }
        unanswered.remove();
    }

    private void repeatUnanswered() {
        for (Integer number; (number = unanswered.poll()) != null; ) {
            ledger.repeat(number);
            again.add(number);
        }
    }
}
