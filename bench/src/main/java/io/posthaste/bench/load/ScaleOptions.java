package io.posthaste.bench.load;

import io.posthaste.bench.load.process.LoadException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** How many servers and gateways, and what these are started with, as the command line has it. */
final class ScaleOptions {
    private static final int MOST_PRIMARIES = 16;
    private static final int MOST_GATEWAYS = 16;

    @Option(
            names = "--cluster",
            paramLabel = "N",
            description = "a cluster of so many primaries, 3 at least: each run once more on it, beside one Redis;"
                    + " with --faults each has a replica, and they are what breaks")
    private int primaries;

    @Option(names = "--gateways", paramLabel = "N", description = "so many gateways (default: 1)")
    private int gateways = 1;

    @Option(names = "--java-option", paramLabel = "OPT", description = "for the gateway's JVM; repeatable")
    private List<String> javaOptions = new ArrayList<>();

    @Option(
            names = "--set",
            paramLabel = "POSTHASTE_KEY=VALUE",
            description = "a setting of the gateway, as an environment variable; repeatable")
    private Map<String, String> settings = new HashMap<>();

    int primaries() {
        LoadException.unless(
                primaries == 0 || (primaries >= 3 && primaries <= MOST_PRIMARIES),
                "--cluster " + primaries + ": 3 to " + MOST_PRIMARIES);
        return primaries;
    }

    Setup.Gateways gateways() {
        LoadException.unless(
                gateways >= 1 && gateways <= MOST_GATEWAYS, "--gateways " + gateways + ": 1 to " + MOST_GATEWAYS);
        return new Setup.Gateways(gateways, javaOptions, settings);
    }

    /** @param singular whether something is asked for that there is on one Redis only */
    void check(boolean singular) {
        LoadException.unless(
                primaries == 0 || !singular, "--cluster: leave --redis, --waiting, --peer, --bare and --due-in out");
    }
}
