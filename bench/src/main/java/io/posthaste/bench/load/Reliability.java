package io.posthaste.bench.load;

import io.posthaste.bench.load.drive.Workload;
import io.posthaste.bench.load.fault.Scenario;
import io.posthaste.bench.load.fault.Scenarios;
import io.posthaste.bench.load.fault.Stage;
import io.posthaste.bench.load.fault.Verdict;
import io.posthaste.bench.load.process.GatewayProcess;
import io.posthaste.bench.load.process.LoadException;
import io.posthaste.bench.load.process.ReceiverProcess;
import io.posthaste.bench.load.process.RedisServer;
import io.posthaste.bench.load.rollout.Rollout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The reliability suite: scenarios on a stage, and their verdicts. */
final class Reliability {
    /** What {@code scripts/start} gives the JVM: faults that fill a heap need one that can be filled. */
    private static final List<String> AS_SHIPPED =
            List.of("-XX:+UseSerialGC", "-Xmx512m", "-XX:+ExitOnOutOfMemoryError");

    private static final int MOST_PLAYED_AGAIN = 4;

    private final Setup setup;
    private final Workload workload;
    private final double perSecond;
    private final boolean quick;

    /** @param quick the short version of each scenario */
    Reliability(Setup setup, Workload workload, double perSecond, boolean quick) {
        this.setup = setup;
        this.workload = workload;
        this.perSecond = perSecond;
        this.quick = quick;
    }

    /** Plays the scenarios; true when all passed. */
    boolean run(List<Scenario> scenarios, long seed, @Nullable Path json) {
        System.out.printf("%d scenarios at %,.0f jobs/s, seed %d%n", scenarios.size(), perSecond, seed);
        List<Verdict> verdicts = new ArrayList<>();
        List<CompletableFuture<List<Verdict>>> playing = new ArrayList<>();
        List<List<Scenario>> groups = groups(scenarios);
        for (List<Scenario> group : groups) {
            int number = playing.size();
            playing.add(
                    CompletableFuture.supplyAsync(() -> play(group, number, seed), task -> new Thread(task).start()));
        }
        playing.forEach(group -> verdicts.addAll(group.join()));
        if (groups.size() > 1) {
            playAlone(scenarios, verdicts, groups.size(), seed);
        }
        long passed = verdicts.stream().filter(Verdict::passed).count();
        System.out.printf("%d of %d passed%n", passed, verdicts.size());
        if (json != null) {
            Map<String, Object> report = new LinkedHashMap<>(Machine.describe());
            report.put("seed", seed);
            report.put("verdicts", verdicts);
            Machine.write(report, json);
        }
        return passed == verdicts.size();
    }

    /**
     * What failed beside others is played once more by itself: five gateways that start at a time on two busy cores say
     * little about any of them. Where many fail it is no matter of neighbours.
     */
    private void playAlone(List<Scenario> scenarios, List<Verdict> verdicts, int number, long seed) {
        Set<String> failed = verdicts.stream()
                .filter(verdict -> !verdict.passed())
                .map(Verdict::scenario)
                .collect(Collectors.toSet());
        if (failed.isEmpty() || failed.size() > MOST_PLAYED_AGAIN) {
            return;
        }
        System.out.printf("failed beside others, once more alone: %s%n", failed);
        List<Scenario> again = scenarios.stream()
                .filter(scenario -> failed.contains(scenario.name()))
                .toList();
        List<Verdict> alone = play(again, number, seed);
        verdicts.removeIf(verdict -> failed.contains(verdict.scenario()));
        verdicts.addAll(alone);
    }

    /** The short version plays what mostly waits on stages of its own, beside the others. */
    private List<List<Scenario>> groups(List<Scenario> scenarios) {
        if (!quick) {
            return List.of(scenarios);
        }
        List<List<Scenario>> groups = new ArrayList<>();
        scenarios.stream().filter(Scenario::waitsForLeases).forEach(scenario -> groups.add(List.of(scenario)));
        List<Scenario> others = scenarios.stream()
                .filter(scenario -> !scenario.waitsForLeases())
                .toList();
        if (!others.isEmpty()) {
            groups.add(others);
        }
        return groups;
    }

    private List<Verdict> play(List<Scenario> scenarios, int number, long seed) {
        Setup own = setup.in("stage-" + number);
        Stage.Script script = new Stage.Script(quick, perSecond, new Random(seed + number));
        try (ReceiverProcess receiver =
                ReceiverProcess.start(own.work(), Contender.SIGNING_KEY, ReceiverProcess.Serving.EVERYWHERE)) {
            List<Verdict> verdicts = Scenarios.play(scenarios, () -> stage(own, receiver, script));
            checkSignatures(receiver);
            return verdicts;
        }
    }

    private Stage stage(Setup own, ReceiverProcess receiver, Stage.Script script) {
        RedisServer redis = RedisServer.start(own.work(), "everysec");
        Map<String, String> settings = settings(own, redis.address().uri(), receiver, quick);
        GatewayProcess gateway = GatewayProcess.start(own.jar(), options(own), own.work(), settings);
        return new Stage(redis, gateway, receiver, workload, script);
    }

    /** Exchanges gateways of the version before for this one's, under load; true when nothing was lost or sent twice. */
    static boolean rollout(Setup setup, Workload workload, Path before, Stage.Script script) {
        System.out.printf("from %s to %s, at %,.0f jobs/s%n", before, setup.jar(), script.perSecond());
        try (ReceiverProcess receiver =
                ReceiverProcess.start(setup.work(), Contender.SIGNING_KEY, ReceiverProcess.Serving.EVERYWHERE)) {
            RedisServer redis = RedisServer.start(setup.work(), "everysec");
            Map<String, String> settings = settings(setup, redis.address().uri(), receiver, script.quick());
            Rollout.Launcher launcher = (version, place) -> GatewayProcess.start(
                    version == Rollout.Version.NOW ? setup.jar() : before,
                    options(setup),
                    setup.in("%s-%d".formatted(version.name().toLowerCase(Locale.ROOT), place))
                            .work(),
                    settings);
            try (Rollout rollout = new Rollout(launcher, redis, receiver, workload, script)) {
                Verdict verdict = rollout.play();
                System.out.println(verdict);
                checkSignatures(receiver);
                return verdict.passed();
            }
        } catch (IOException e) {
            throw new LoadException("Redis could not be read: " + e.getMessage(), e);
        }
    }

    /** What a gateway on a stage is told. */
    static Map<String, String> settings(Setup setup, String redis, ReceiverProcess receiver, boolean quick) {
        Map<String, String> settings = PosthasteContender.settings(redis, new Target(receiver.uri(), 1));
        settings.putAll(Scenarios.settings(receiver.uri()));
        // Jobs in flight at a kill wait for the end of their lease: the shortest margin keeps the short version short.
        if (quick) {
            settings.put("POSTHASTE_QUEUE_LEASE_MARGIN", "4s");
        }
        settings.putAll(setup.gateways().settings());
        return settings;
    }

    /** Of its JVM. */
    static List<String> options(Setup setup) {
        List<String> options = new ArrayList<>(AS_SHIPPED);
        options.addAll(setup.gateways().javaOptions());
        return options;
    }

    static void checkSignatures(ReceiverProcess receiver) {
        long bad = receiver.stats().getOrDefault("signatures_bad", 0L);
        LoadException.unless(bad == 0, bad + " bad signatures");
    }
}
