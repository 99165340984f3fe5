package io.posthaste.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What came of attempts in the last minutes, from figures that are summed up by the hour. Not thread-safe. */
final class TallyWindow {
    private final Duration length;
    private final Deque<Sample> samples = new ArrayDeque<>();

    /** @param hours by when each began: lane to what came of it so far */
    private record Sample(Instant at, Map<Long, Map<String, LaneTally>> hours) {}

    TallyWindow(Duration length) {
        this.length = length;
    }

    /** What is new since the look before, and from there on the end of the window; of the first look all there is. */
    Map<String, LaneTally> add(Instant at, Map<Long, Map<String, LaneTally>> hours) {
        Map<String, LaneTally> news = since(samples.peekLast(), hours);
        samples.addLast(new Sample(at, hours));
        while (samples.size() > 2 && samples.peekFirst().at().isBefore(at.minus(length))) {
            samples.removeFirst();
        }
        return news;
    }

    /** What came of attempts since the window's beginning; nothing until there were two looks. */
    Map<String, LaneTally> recent() {
        Sample first = samples.peekFirst();
        Sample last = samples.peekLast();
        return first == null || last == null || samples.size() == 1 ? Map.of() : since(first, last.hours());
    }

    private static Map<String, LaneTally> since(@Nullable Sample earlier, Map<Long, Map<String, LaneTally>> hours) {
        Map<String, LaneTally> sums = new HashMap<>();
        hours.forEach((hour, lanes) -> lanes.forEach((lane, tally) -> {
            LaneTally before = earlier == null
                    ? LaneTally.NONE
                    : earlier.hours().getOrDefault(hour, Map.of()).getOrDefault(lane, LaneTally.NONE);
            sums.merge(lane, tally.since(before), LaneTally::and);
        }));
        return sums;
    }
}
