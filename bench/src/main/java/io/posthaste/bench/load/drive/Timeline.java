package io.posthaste.bench.load.drive;

import java.util.ArrayList;
import java.util.List;

/** Samples taken while a load runs, from which the measured window is cut afterwards. Confined to the monitor. */
public final class Timeline {
    /** @param delivered jobs delivered at least once by then */
    public record Sample(long micros, int delivered, Usage usage) {}

    private final List<Sample> samples = new ArrayList<>();

    public void add(Sample sample) {
        samples.add(sample);
    }

    /** A stretch of steady load: its first and last sample. */
    public record Window(Sample first, Sample last) {
        public double seconds() {
            return (last.micros - first.micros) / 1e6;
        }

        public Usage usage() {
            return last.usage.since(first.usage);
        }
    }

    /**
     * The steady stretch of a run: from {@code warmUpMicros} after the first delivery, but at most a third of the run,
     * until {@code end}. A run too short for that is taken whole.
     */
    public Window window(long warmUpMicros, long end) {
        List<Sample> running =
                samples.stream().filter(sample -> sample.micros <= end).toList();
        Sample first = running.stream()
                .filter(sample -> sample.delivered > 0)
                .findFirst()
                .orElse(samples.getFirst());
        Sample last = running.isEmpty() ? samples.getLast() : running.getLast();
        long from = first.micros + Math.min(warmUpMicros, (last.micros - first.micros) / 3);
        Sample warm = running.stream()
                .filter(sample -> sample.micros >= from)
                .findFirst()
                .orElse(first);
        return new Window(warm, last);
    }

    /** When {@code delivered} jobs had been delivered. */
    public long reached(int delivered) {
        return samples.stream()
                .filter(sample -> sample.delivered >= delivered)
                .mapToLong(Sample::micros)
                .findFirst()
                .orElse(samples.getLast().micros);
    }
}
