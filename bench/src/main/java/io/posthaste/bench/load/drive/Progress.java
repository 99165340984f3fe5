package io.posthaste.bench.load.drive;

import io.posthaste.bench.load.drive.Timeline.Sample;
import org.jspecify.annotations.Nullable;

/** One line a second on standard output while a load runs. Confined to the monitor. */
public final class Progress {
    private static final long EVERY_MICROS = 1_000_000;

    private final boolean shown;
    private @Nullable Sample first;
    private @Nullable Sample last;

    /** @param shown false for silence */
    public Progress(boolean shown) {
        this.shown = shown;
    }

    public void show(Sample now, int offered) {
        if (first == null) {
            first = now;
            last = now;
        }
        if (last != null && now.micros() - last.micros() >= EVERY_MICROS) {
            print(last, now, offered);
            last = now;
        }
    }

    private void print(Sample before, Sample now, int offered) {
        if (!shown) {
            return;
        }
        double seconds = (now.micros() - before.micros()) / 1e6;
        Usage usage = now.usage().since(before.usage());
        System.out.printf(
                "%5.0f s  enqueued %,10d  delivered %,10d  %,8.0f/s  waiting %,8d  cores: worker %.2f redis %.2f"
                        + " receiver %.2f feed %.2f%n",
                first == null ? 0 : (now.micros() - first.micros()) / 1e6,
                offered,
                now.delivered(),
                (now.delivered() - before.delivered()) / seconds,
                offered - now.delivered(),
                usage.worker() / 1e6 / seconds,
                usage.redis() / 1e6 / seconds,
                usage.receiver() / 1e6 / seconds,
                usage.feed() / 1e6 / seconds);
    }
}
