package io.posthaste.bench.load.fault;

import io.posthaste.bench.load.process.LoadException;
import io.posthaste.bench.load.process.ReceiverProcess;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** All scenarios, and how a list of them is played. */
public final class Scenarios {
    private static final List<Scenario> ALL = List.of(
            new KillGateway(),
            new KillRedis("always"),
            new KillRedis("everysec"),
            new SharedPeople(),
            new ScriptFlush(),
            new PauseRedis(),
            new Terminate(),
            new Poison(),
            new PoisonFilter(),
            new DescriptorLimit(),
            new ColdBacklog(),
            new LargeBodies(),
            new LargeHang(),
            new StaleConnections(),
            new ConnectStorm(),
            new SilentCrowd(),
            new BadReceiver("receiver-hang", "hang"),
            new BadReceiver("receiver-reset", "reset"),
            new BadReceiver("receiver-drip", "drip:100"),
            new BadReceiver("receiver-flood", "flood:10000000000"));

    /** Settings that some scenarios need of every gateway. */
    public static Map<String, String> settings(URI receiver) {
        String hosts = IntStream.range(0, ReceiverProcess.MOST_HOSTS)
                .mapToObj(host -> ReceiverProcess.host(host) + "/32:" + receiver.getPort())
                .collect(Collectors.joining(","));
        return Map.of(
                "POSTHASTE_SEND_ALLOW_ADDRESSES",
                receiver.getHost() + "/32:" + receiver.getPort() + "," + ConnectStorm.ADDRESS + "/32," + hosts,
                "POSTHASTE_RENDER_FILTERS",
                BrokenFilter.class.getName(),
                "POSTHASTE_RENDER_FILTER_JARS",
                BrokenFilter.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath());
    }

    private Scenarios() {}

    /** Those named, {@code all} for all; {@code kill-redis} names both of its policies. */
    public static List<Scenario> named(List<String> names) {
        List<Scenario> chosen = new ArrayList<>();
        for (String name : names) {
            List<Scenario> found = ALL.stream()
                    .filter(scenario -> "all".equals(name) || (scenario.name() + " ").startsWith(name + " "))
                    .toList();
            if (found.isEmpty()) {
                throw new LoadException("--faults " + name + ": one of all, "
                        + String.join(", ", ALL.stream().map(Scenario::name).toList()));
            }
            chosen.addAll(found);
        }
        return chosen;
    }

    /** Plays them one after the other; a stage that a scenario left in pieces is set anew. */
    public static List<Verdict> play(List<Scenario> scenarios, Supplier<Stage> stages) {
        List<Verdict> verdicts = new ArrayList<>();
        Stage stage = stages.get();
        try {
            for (Scenario scenario : scenarios) {
                long from = System.nanoTime();
                Verdict verdict = play(scenario, stage);
                System.out.printf("%s (%d s)%n", verdict, (System.nanoTime() - from) / 1_000_000_000);
                verdicts.add(verdict);
                if (!verdict.passed()) {
                    stage.close();
                    stage = stages.get();
                    stage.warmUp();
                }
            }
        } finally {
            stage.close();
        }
        return verdicts;
    }

    private static Verdict play(Scenario scenario, Stage stage) {
        try {
            return scenario.play(stage);
        } catch (LoadException | IOException e) {
            return new Verdict(scenario.name(), false, String.valueOf(e.getMessage()));
        }
    }
}
