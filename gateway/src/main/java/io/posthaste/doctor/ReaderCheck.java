package io.posthaste.doctor;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Whether those who read results keep up: what is trimmed before they read it is lost to them. */
public final class ReaderCheck implements Checkup.Check {
    private static final double LATE = 0.5;

    private final Supplier<Map<String, Long>> lags;
    private final long kept;

    /**
     * @param lags by a name for people, how many entries each group has still to read
     * @param kept entries of a stream
     */
    public ReaderCheck(Supplier<Map<String, Long>> lags, long kept) {
        this.lags = lags;
        this.kept = kept;
    }

    @Override
    public String name() {
        return "readers of results";
    }

    @Override
    public List<Finding> look() {
        Map<String, Long> behind = lags.get();
        if (behind.isEmpty()) {
            return List.of(Finding.ok(name(), "no consumer group reads them"));
        }
        return behind.entrySet().stream()
                .map(group -> judge(group.getKey(), group.getValue()))
                .toList();
    }

    private Finding judge(String group, long lag) {
        String found = "%d of %d kept entries to read".formatted(lag, kept);
        return lag > kept * LATE
                ? Finding.warning(group, found, "read faster, or keep more: queue.results-max-length")
                : Finding.ok(group, found);
    }
}
