package io.posthaste.bench.load;

import io.posthaste.bench.load.drive.Clock;
import io.posthaste.bench.load.drive.Feed;
import io.posthaste.bench.load.drive.Ledger;
import io.posthaste.bench.load.drive.Pace;
import io.posthaste.bench.load.process.ChildProcess;
import io.posthaste.bench.load.process.LoadException;
import io.posthaste.bench.load.process.ProcessUsage;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A peer's producer: a process that prints {@code offered N} as it goes and ends when all are enqueued. */
final class ProcessFeed implements Feed {
    private static final Pattern OFFERED = Pattern.compile("offered (\\d+)");

    private final Supplier<ChildProcess> launch;
    private final Ledger ledger;
    private final Pace pace;
    private volatile @Nullable ChildProcess process;
    private volatile boolean counted;
    private volatile long mostCpu;

    ProcessFeed(Supplier<ChildProcess> launch, Ledger ledger, Pace pace) {
        this.launch = launch;
        this.ledger = ledger;
        this.pace = pace;
    }

    @Override
    public void start() {
        process = launch.get();
    }

    @Override
    public void stop() {
        ChildProcess running = process;
        if (running != null) {
            running.signal("TERM");
        }
    }

    @Override
    public boolean isDone() {
        ChildProcess running = process;
        if (running == null || running.isAlive()) {
            return false;
        }
        if (!counted) {
            accountFor(running);
            counted = true;
        }
        return true;
    }

    @Override
    public int offered() {
        ChildProcess running = process;
        int offered = 0;
        if (running != null) {
            Matcher lines = OFFERED.matcher(running.output());
            while (lines.find()) {
                offered = Integer.parseInt(lines.group(1));
            }
        }
        return offered;
    }

    @Override
    public long cpuMicros() {
        ChildProcess running = process;
        if (running != null) {
            // An ended process has no more figures; what it used stays used.
            mostCpu = Math.max(mostCpu, ProcessUsage.cpuMicros(running.pid()));
        }
        return mostCpu;
    }

    @Override
    public void close() {
        ChildProcess running = process;
        if (running != null) {
            running.kill();
        }
    }

    private void accountFor(ChildProcess ended) {
        int offered = offered();
        if (offered == 0) {
            throw new LoadException("the peer's producer enqueued nothing" + ended.lastWords());
        }
        long now = Clock.micros();
        for (int number = 0; number < offered; number++) {
            ledger.offer(number, pace.intended(number, now));
            ledger.accept(number, now);
        }
    }
}
