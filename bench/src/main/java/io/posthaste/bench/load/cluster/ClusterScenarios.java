package io.posthaste.bench.load.cluster;

import io.posthaste.bench.load.fault.Verdict;
import io.posthaste.bench.load.process.LoadException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** All scenarios of a cluster, and how a list of them is played. */
final class ClusterScenarios {
    private static final List<ClusterScenario> ALL = List.of(
            LostPrimary.killed(),
            LostPrimary.hung(),
            new Reshard(),
            new Partition(),
            new KilledGateways(),
            new MoreShards());

    private ClusterScenarios() {}

    /** Those named, {@code all} for all. */
    static List<ClusterScenario> named(List<String> names) {
        List<ClusterScenario> chosen = new ArrayList<>();
        for (String name : names) {
            List<ClusterScenario> found = ALL.stream()
                    .filter(scenario -> name.equals("all") || scenario.name().equals(name))
                    .toList();
            if (found.isEmpty()) {
                throw new LoadException("--cluster --faults " + name + ": one of all, "
                        + String.join(
                                ", ", ALL.stream().map(ClusterScenario::name).toList()));
            }
            chosen.addAll(found);
        }
        return chosen;
    }

    /** Plays them one after the other, each on the stage that the one before has left. */
    static List<Verdict> play(List<ClusterScenario> scenarios, ClusterStage stage) {
        List<Verdict> verdicts = new ArrayList<>();
        for (ClusterScenario scenario : scenarios) {
            long from = System.nanoTime();
            Verdict verdict = play(scenario, stage);
            System.out.printf("%s (%d s)%n", verdict, (System.nanoTime() - from) / 1_000_000_000);
            verdicts.add(verdict);
        }
        return verdicts;
    }

    private static Verdict play(ClusterScenario scenario, ClusterStage stage) {
        try {
            return scenario.play(stage);
        } catch (LoadException | IOException e) {
            return new Verdict(scenario.name(), false, String.valueOf(e.getMessage()));
        }
    }
}
