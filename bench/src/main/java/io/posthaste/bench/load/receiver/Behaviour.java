package io.posthaste.bench.load.receiver;

import java.util.List;

/** What a path does with its requests. */
public sealed interface Behaviour {
    /** Answers at once with this status and {@code {}}. */
    record Status(int code) implements Behaviour {}

    /** Answers 200, so many milliseconds later, any number between these with the same chance. */
    record Delay(int least, int most) implements Behaviour {}

    /** Takes the request and never answers. */
    record Hang() implements Behaviour {}

    /** Takes the request and resets the connection. */
    record Reset() implements Behaviour {}

    /** Answers 200 and then sends its body a byte at a time, so many milliseconds apart. */
    record Drip(int millis) implements Behaviour {}

    /** Answers 200 and then sends this many bytes as fast as they are taken. */
    record Flood(long bytes) implements Behaviour {}

    /** Reads {@code status:503}, {@code delay:250} or
     * {@code delay:100-300}, {@code hang}, {@code reset}, {@code drip:100}, {@code flood:1000000}. */
    static Behaviour parse(String text) {
        List<String> parts = List.of(text.strip().split(":", 2));
        String argument = parts.size() > 1 ? parts.get(1) : "";
        return switch (parts.get(0)) {
            case "status" -> new Status(Integer.parseInt(argument));
            case "delay" -> delay(argument);
            case "hang" -> new Hang();
            case "reset" -> new Reset();
            case "drip" -> new Drip(Integer.parseInt(argument));
            case "flood" -> new Flood(Long.parseLong(argument));
            default ->
                throw new IllegalArgumentException(
                        "behaviour '" + text + "': one of status:N, delay:MS, hang, reset, drip:MS, flood:BYTES");
        };
    }

    private static Delay delay(String range) {
        List<String> ends = List.of(range.split("-", 2));
        return new Delay(Integer.parseInt(ends.getFirst()), Integer.parseInt(ends.getLast()));
    }
}
