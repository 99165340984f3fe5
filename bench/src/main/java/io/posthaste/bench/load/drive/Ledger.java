package io.posthaste.bench.load.drive;

import io.posthaste.bench.load.receiver.ArrivalLog;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;

/**
 * What happened to every job of a run, by its number. The feed's writer notes offers, its reader notes acceptances, the
 * monitor notes arrivals; each has its own arrays, which others read only after those threads have ended.
 */
public final class Ledger implements ArrivalLog.Visitor {
    private static final int NUMBER_LENGTH = Templates.NUMBER.length();

    private final byte[] prefix;
    final long[] offered;
    final long[] accepted;
    final long[] arrived;
    final byte[] copies;
    final byte[] attempts;
    final byte[] repeats;
    private final int[] checksums;
    private final AtomicInteger acceptances = new AtomicInteger();
    private volatile int deliveries;
    private int changed;
    private int unknown;

    /**
     * @param run prefix of the run's ids
     * @param capacity most jobs it can account for
     */
    public Ledger(String run, int capacity) {
        prefix = Frames.prefix(run);
        offered = new long[capacity];
        accepted = new long[capacity];
        arrived = new long[capacity];
        copies = new byte[capacity];
        attempts = new byte[capacity];
        repeats = new byte[capacity];
        checksums = new int[capacity];
    }

    public int capacity() {
        return offered.length;
    }

    /** The job is meant to be enqueued at this time, whether or not the producer manages to. */
    public void offer(int number, long micros) {
        offered[number] = micros;
    }

    /** The producer does not know whether Redis took the job, and repeats its command. */
    void repeat(int number) {
        repeats[number] = (byte) Math.min(repeats[number] + 1, Byte.MAX_VALUE);
    }

    /** Redis has said that it took the job. */
    public void accept(int number, long micros) {
        if (accepted[number] == 0) {
            accepted[number] = micros;
            acceptances.incrementAndGet();
        }
    }

    /** Jobs accepted so far. */
    public int acceptances() {
        return acceptances.get();
    }

    /** Jobs that arrived at least once and got a 2xx, so far. */
    public int deliveries() {
        return deliveries;
    }

    /** Jobs accepted at a time that {@code counts} and never delivered. For when the run is over. */
    public int lost(LongPredicate counts) {
        return (int) IntStream.range(0, capacity())
                .filter(number -> accepted[number] != 0 && copies[number] == 0 && counts.test(accepted[number]))
                .count();
    }

    /**
     * How long the jobs waited that were meant to be enqueued between these times, from when each was accepted, or from
     * {@code to} when it was accepted before; in order. For when the run is over.
     */
    public long[] waits(long from, long to) {
        return IntStream.range(0, capacity())
                .filter(number -> offered[number] >= from && offered[number] <= to)
                .mapToLong(number -> arrived[number] - Math.max(accepted[number], to))
                .sorted()
                .toArray();
    }

    /**
     * How long it took from when a job was meant to be enqueued until it arrived, of those that were meant to be between
     * these times and have such a number, in order. For when the run is over.
     */
    public long[] delays(long from, long to, IntPredicate of) {
        return IntStream.range(0, capacity())
                .filter(number -> offered[number] >= from && offered[number] <= to && copies[number] > 0)
                .filter(of)
                .mapToLong(number -> arrived[number] - offered[number])
                .sorted()
                .toArray();
    }

    /** Whether a job with such a number that was meant to be enqueued after this time has arrived; of those below a number. */
    public boolean hasArrived(long after, int below, IntPredicate of) {
        return deliveries > 0
                && IntStream.range(0, Math.min(below, capacity()))
                        .filter(of)
                        .anyMatch(number -> offered[number] > after && copies[number] > 0);
    }

    /** Whether Redis has said that it took this job. For when the run is over, as the following. */
    public boolean isAccepted(int number) {
        return accepted[number] != 0;
    }

    /** When it was meant to be enqueued, in epoch microseconds. */
    public long offeredAt(int number) {
        return offered[number];
    }

    /** When it first got a 2xx, in epoch microseconds; 0 for never. */
    public long arrivedAt(int number) {
        return arrived[number];
    }

    /** How many 2xx it got. */
    public int copies(int number) {
        return copies[number];
    }

    /** Ids whose attempts did not all carry the same key and the same bytes. */
    public int changed() {
        return changed;
    }

    /** Requests with an id that this run did not send. */
    int unknown() {
        return unknown;
    }

    @Override
    public void arrived(long micros, int status, int checksum, byte[] bytes, int idStart, int idLength) {
        int number = number(bytes, idStart, idLength);
        if (number < 0 || number >= capacity()) {
            unknown++;
            return;
        }
        noteAttempt(number, checksum);
        if (status / 100 == 2) {
            delivered(number, micros);
        }
    }

    private void noteAttempt(int number, int checksum) {
        if (attempts[number] > 0 && checksums[number] != checksum) {
            changed++;
        }
        checksums[number] = checksum;
        attempts[number] = (byte) Math.min(attempts[number] + 1, Byte.MAX_VALUE);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written by the monitor only
    private void delivered(int number, long micros) {
        if (copies[number] == 0) {
            arrived[number] = micros;
            deliveries++;
        }
        copies[number] = (byte) Math.min(copies[number] + 1, Byte.MAX_VALUE);
    }

    private int number(byte[] bytes, int start, int length) {
        if (length != prefix.length + NUMBER_LENGTH
                || !Arrays.equals(bytes, start, start + prefix.length, prefix, 0, prefix.length)) {
            return -1;
        }
        int number = 0;
        for (int i = start + prefix.length; i < start + length; i++) {
            number = number * 10 + (bytes[i] - '0');
        }
        return number;
    }
}
