package io.posthaste.bench.load;

import io.posthaste.bench.load.soak.Soak;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How long everything goes on at once, as the command line has it. */
final class SoakOptions {
    private static final Duration QUICKLY = Duration.ofSeconds(80);
    private static final double USUAL_RATE = 200;
    private static final double LOOK_SECONDS = 5;
    private static final double QUICK_LOOK_SECONDS = 1.5;

    @Option(
            names = "--soak",
            arity = "0..1",
            fallbackValue = "30m",
            paramLabel = "30m",
            description =
                    "everything at once for so long (default: 30m, with --quick 80s), and whether memory, descriptors,"
                            + " threads, Redis and its file stay as they are")
    @Nullable
    private Duration length;

    @Option(
            names = "--start",
            arity = "0..1",
            fallbackValue = "15",
            paramLabel = "15",
            description = "how long it takes from scripts/start to the first delivery, so many times")
    int starts;

    boolean isNone() {
        return length == null;
    }

    /** @param rate jobs a second, 0 for what suits */
    Soak.Script script(double rate, FaultOptions faults) {
        boolean quick = faults.quick();
        return new Soak.Script(
                quick || length == null ? QUICKLY : length,
                rate > 0 ? rate : USUAL_RATE,
                quick ? QUICK_LOOK_SECONDS : LOOK_SECONDS,
                faults.seed());
    }
}
