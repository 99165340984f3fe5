package io.posthaste.bench.load;

import java.util.ArrayList;
import java.util.List;

/** Samples taken while a load runs, from which the measured window is cut afterwards. Confined to the monitor. */
final class Timeline {
    /** @param delivered jobs delivered at least once by then */
    record Sample(long micros, int delivered, Usage usage) {}

    private final List<Sample> samples = new ArrayList<>();

    void add(Sample sample) {
        samples.add(sample);
    }

    /** A stretch of steady load: its first and last sample. */
    record Window(Sample first, Sample last) {
        double seconds() {
            return (last.micros - first.micros) / 1e6;
        }

        Usage usage() {
            return last.usage.since(first.usage);
        }
    }

    /**
     * The steady stretch of a run: from {@code warmUpMicros} after the first delivery, but at most a third of the run,
     * until {@code end}. A run too short for that is taken whole.
     */
    Window window(long warmUpMicros, long end) {
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
    long reached(int delivered) {
        return samples.stream()
                .filter(sample -> sample.delivered >= delivered)
                .mapToLong(Sample::micros)
                .findFirst()
                .orElse(samples.getLast().micros);
    }
}
