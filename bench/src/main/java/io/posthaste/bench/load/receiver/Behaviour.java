package io.posthaste.bench.load.receiver;

import java.util.List;
import java.util.random.RandomGenerator;

/** What a path does with its requests. */
public sealed interface Behaviour {
    /** What it does with one request: chance is drawn. */
    Fixed drawn(RandomGenerator random);

    /** The same for every request. */
    sealed interface Fixed extends Behaviour {
        @Override
        default Fixed drawn(RandomGenerator random) {
            return this;
        }
    }

    /** Answers at once with this status and {@code {}}. */
    record Status(int code) implements Fixed {}

    /** Answers 200, so many milliseconds later, any number between these with the same chance. */
    record Delay(int least, int most) implements Fixed {}

    /** Answers 200, later by a log-normal time: half of them within the one, 99 of 100 within the other, in milliseconds. */
    record Tail(int p50, int p99) implements Behaviour {
        /** Standard deviations from the median to 99 %. */
        private static final double DEVIATIONS = 2.3263;

        @Override
        public Fixed drawn(RandomGenerator random) {
            double spread = Math.log((double) p99 / p50) / DEVIATIONS;
            int millis = (int) Math.round(p50 * Math.exp(spread * random.nextGaussian()));
            return new Delay(millis, millis);
        }
    }

    /** Answers 503 to so many of a thousand, and otherwise as told. */
    record Errors(int permille, Behaviour otherwise) implements Behaviour {
        @Override
        public Fixed drawn(RandomGenerator random) {
            return random.nextInt(1_000) < permille ? new Status(503) : otherwise.drawn(random);
        }
    }

    /** Answers 200 at once and closes the connection so many milliseconds later, without saying so. */
    record Close(int millis) implements Fixed {}

    /** Takes the request and never answers. */
    record Hang() implements Fixed {}

    /** Takes the request and resets the connection. */
    record Reset() implements Fixed {}

    /** Answers 200 and then sends its body a byte at a time, so many milliseconds apart. */
    record Drip(int millis) implements Fixed {}

    /** Answers 200 and then sends this many bytes as fast as they are taken. */
    record Flood(long bytes) implements Fixed {}

    /** Reads {@code status:503}, {@code delay:250} or {@code delay:100-300}, {@code tail:100-2000},
     * {@code errors:50/delay:250}, {@code close:20}, {@code hang}, {@code reset}, {@code drip:100}, {@code flood:1000000}. */
    static Behaviour parse(String text) {
        List<String> parts = List.of(text.strip().split(":", 2));
        String argument = parts.size() > 1 ? parts.get(1) : "";
        return switch (parts.get(0)) {
            case "status" -> new Status(Integer.parseInt(argument));
            case "delay" -> delay(argument);
            case "tail" -> tail(argument);
            case "errors" -> errors(argument);
            case "close" -> new Close(Integer.parseInt(argument));
            case "hang" -> new Hang();
            case "reset" -> new Reset();
            case "drip" -> new Drip(Integer.parseInt(argument));
            case "flood" -> new Flood(Long.parseLong(argument));
            default ->
                throw new IllegalArgumentException(
                        "behaviour '" + text
                                + "': one of status:N, delay:MS, tail:P50-P99, errors:PERMILLE/…, close:MS, hang, reset, drip:MS, flood:BYTES");
        };
    }

    private static Delay delay(String range) {
        List<String> ends = List.of(range.split("-", 2));
        return new Delay(Integer.parseInt(ends.getFirst()), Integer.parseInt(ends.getLast()));
    }

    private static Tail tail(String percentiles) {
        List<String> parts = List.of(percentiles.split("-", 2));
        return new Tail(Integer.parseInt(parts.getFirst()), Integer.parseInt(parts.getLast()));
    }

    private static Errors errors(String text) {
        List<String> parts = List.of(text.split("/", 2));
        return new Errors(Integer.parseInt(parts.getFirst()), parse(parts.getLast()));
    }
}
