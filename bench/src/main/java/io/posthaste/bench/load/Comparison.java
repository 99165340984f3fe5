package io.posthaste.bench.load;

import io.posthaste.bench.load.drive.WaitingJobs;
import io.posthaste.bench.load.drive.Workload;
import io.posthaste.bench.load.process.ReceiverProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One or several runs of the gateway, in turn with a peer's if there is one. */
final class Comparison {
    private final Setup setup;
    private final Workload workload;
    private final Plan plan;
    private final @Nullable String policy;
    private final boolean cold;
    private BullmqContender.@Nullable Settings peer;
    private int bareInFlight;
    private @Nullable WaitingJobs waiting;
    private boolean bothVersions;

    Comparison(Setup setup, Workload workload, Plan plan, @Nullable String policy, boolean cold) {
        this.setup = setup;
        this.workload = workload;
        this.plan = plan;
        this.policy = policy;
        this.cold = cold;
    }

    void against(BullmqContender.Settings settings) {
        peer = settings;
    }

    /** Runs a bare HTTP client in each round, too, with so many requests in flight. */
    void besideBare(int inFlight) {
        bareInFlight = inFlight;
    }

    /** Runs the gateway over HTTP/1.1 and over HTTP/2 in each round. */
    void overBothVersions() {
        bothVersions = true;
    }

    /** Runs the gateway once more in each round, beside these. */
    void beside(WaitingJobs jobs) {
        waiting = jobs;
    }

    /**
     * Runs everything and reports; true when nothing was lost.
     *
     * @param receiver null when the target is not ours
     * @param destination where the jobs are sent
     */
    boolean run(
            @Nullable ReceiverProcess receiver,
            Target destination,
            int rounds,
            @Nullable String only,
            @Nullable Path json) {
        int times = rounds > 0 ? rounds : peer == null ? 1 : 2;
        List<Figures> all = new ArrayList<>();
        for (int round = 0; round < times; round++) {
            if (!BullmqContender.NAME.equals(only)) {
                // Both contenders alike: neither pays for a producer.
                boolean preloaded = cold || (peer != null && !peer.paced());
                for (Target way : ways(destination)) {
                    all.add(measure(posthaste(Backend.One.of(setup), way, preloaded), receiver, "p" + round));
                }
            }
            if (setup.redis().primaries() > 0) {
                Backend cluster = Backend.Many.start(
                        setup.in("cluster-" + round).work(), setup.redis().primaries());
                all.add(measure(posthaste(cluster, destination, cold), receiver, "c" + round));
            }
            if (waiting != null) {
                PosthasteContender contender = posthaste(Backend.One.of(setup), destination, false);
                fill(contender, waiting);
                all.add(measure(contender, receiver, "w" + round));
            }
            if (bareInFlight > 0) {
                all.add(measure(
                        BareContender.start(setup, workload, destination, bareInFlight), receiver, "n" + round));
            }
            if (peer != null && !PosthasteContender.NAME.equals(only)) {
                all.add(measure(BullmqContender.start(setup, workload, destination, peer), receiver, "b" + round));
            }
        }
        report(all, json);
        return all.stream().allMatch(Figures::isGood);
    }

    private List<Target> ways(Target destination) {
        Path ca = setup.certificate();
        return bothVersions && ca != null
                ? Stream.of(false, true)
                        .map(http2 -> destination.by(Target.Connection.of(ca, http2)))
                        .toList()
                : List.of(destination);
    }

    private PosthasteContender posthaste(Backend backend, Target destination, boolean preloaded) {
        return PosthasteContender.start(setup, backend, workload, destination, policy, preloaded);
    }

    private static void fill(PosthasteContender contender, WaitingJobs jobs) {
        System.out.printf("%nenqueuing %,d jobs that will wait%n", jobs.count());
        WaitingJobs.Cost cost = contender.keepWaiting(jobs);
        System.out.printf(
                "  Redis memory          %,d bytes a waiting job, %,d of them its id, action and data%n",
                cost.bytes() / jobs.count(), cost.payload() / jobs.count());
        // A gigabyte that the disk has yet to write slows each write of the append-only file: that would be measured.
        Machine.flushDisk();
    }

    private Figures measure(Contender started, @Nullable ReceiverProcess receiver, String run) {
        try (Contender contender = started) {
            System.out.printf(
                    "%n== %s, Redis %s%n", contender.name(), contender.redis().version());
            String unique = run + Long.toString(System.nanoTime() & 0xfffff, 36);
            if (plan.perSecond() > 0) {
                System.out.println("warming up: as fast as it goes, not measured");
                new Round(contender, receiver, plan.warmUpOnly()).run(unique + "w");
                System.out.println("measuring");
            }
            Figures figures = new Round(contender, receiver, plan).run(unique);
            figures.print();
            if (waiting != null) {
                System.out.printf("  live heap             %,d KiB%n", contender.liveHeapBytes() >> 10);
            }
            return figures;
        }
    }

    private void report(List<Figures> all, @Nullable Path json) {
        Map<String, Object> report = new LinkedHashMap<>(Machine.describe());
        report.put("workload", workload);
        report.put("runs", all.stream().map(Figures::json).toList());
        for (String other : List.of(BullmqContender.NAME, BareContender.NAME)) {
            if (best(all, other) > 0 && best(all, PosthasteContender.NAME) > 0) {
                double ratio = best(all, PosthasteContender.NAME) / best(all, other);
                report.put("ratio to " + other, ratio);
                System.out.printf(
                        "%nposthaste %,.0f/s, %s %,.0f/s (the best run of each): %.2f times%n",
                        best(all, PosthasteContender.NAME), other, best(all, other), ratio);
            }
        }
        if (waiting != null) {
            compareWaiting(all);
        }
        if (setup.redis().primaries() > 0) {
            compareCluster(all);
        }
        if (bothVersions) {
            SideBySide versions = SideBySide.of(over(all, "HTTP/1.1"), over(all, "HTTP/2"));
            versions.print();
            report.put("http2", versions.json());
        }
        if (json != null) {
            Machine.write(report, json);
        }
    }

    private static List<Figures> over(List<Figures> all, String version) {
        return all.stream()
                .filter(figures -> figures.contender().contains(" over " + version))
                .toList();
    }

    private static void compareWaiting(List<Figures> all) {
        Map<Boolean, List<Figures>> beside = all.stream()
                .collect(Collectors.partitioningBy(
                        figures -> !figures.contender().equals(PosthasteContender.NAME)));
        ToDoubleFunction<Figures> rate = Figures::perSecond;
        ToDoubleFunction<Figures> redis = figures -> figures.cpu().redis();
        System.out.printf(
                "%nalone %,.0f deliveries/s and %.1f us of Redis each; beside what waits %,.0f/s and %.1f us%n",
                mean(beside.get(false), rate),
                mean(beside.get(false), redis),
                mean(beside.get(true), rate),
                mean(beside.get(true), redis));
    }

    /** What a cluster costs beside one Redis: in CPU time, because they share this machine's processors. */
    private static void compareCluster(List<Figures> all) {
        Map<Boolean, List<Figures>> spread = all.stream()
                .collect(
                        Collectors.partitioningBy(figures -> figures.contender().contains(" primaries")));
        ToDoubleFunction<Figures> redis = figures -> figures.cpu().redis();
        ToDoubleFunction<Figures> worker = figures -> figures.cpu().worker();
        System.out.printf(
                "%na delivery on the cluster costs Redis %.2f times and the gateway %.2f times what it costs on one%n",
                mean(spread.get(true), redis) / mean(spread.get(false), redis),
                mean(spread.get(true), worker) / mean(spread.get(false), worker));
    }

    private static double mean(@Nullable List<Figures> runs, ToDoubleFunction<Figures> figure) {
        return runs == null ? 0 : runs.stream().mapToDouble(figure).average().orElse(0);
    }

    private static double best(List<Figures> all, String contender) {
        return all.stream()
                .filter(figures -> figures.contender().equals(contender))
                .map(Figures::perSecond)
                .max(Comparator.naturalOrder())
                .orElse(0.0);
    }
}
