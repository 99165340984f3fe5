package io.posthaste.bench.load;

import io.posthaste.bench.load.process.GatewayProcess;
import io.posthaste.bench.load.process.LoadException;
import io.posthaste.bench.load.process.ReceiverKeys;
import io.posthaste.bench.load.process.ReceiverProcess;
import io.posthaste.bench.load.process.ReceiverProcess.Serving;
import io.posthaste.bench.load.process.RedisServer;
import io.posthaste.bench.load.soak.Judgement;
import io.posthaste.bench.load.soak.Soak;
import io.posthaste.bench.load.soak.SoakReport;
import io.posthaste.bench.load.soak.SoakStage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A soak: its processes, and what is printed of it. */
final class Endurance {
    /** Memory of the heap counts as resident once it was used: all of it from the start, or that would pass for growth. */
    private static final List<String> TOUCHED_HEAP = List.of("-Xms512m", "-XX:+AlwaysPreTouch");

    private final Setup setup;
    private final Soak.Script script;
    private final boolean quick;

    Endurance(Setup setup, Soak.Script script, boolean quick) {
        this.setup = setup;
        this.script = script;
        this.quick = quick;
    }

    /** Plays it; true when every job is accounted for and nothing grew. */
    boolean run(@Nullable Path json) {
        System.out.printf(
                "soak of %d s at %,.0f jobs/s, seed %d%n",
                script.length().toSeconds(), script.perSecond(), script.seed());
        ReceiverKeys keys = ReceiverKeys.make(setup.work(), SoakStage.TLS_HOSTS);
        try (ReceiverProcess plain = receiver("plain", Serving.EVERYWHERE);
                ReceiverProcess tls = receiver("tls", new Serving(true, Duration.ZERO, keys, false))) {
            return report(play(setup.trusting(keys), plain, tls), json);
        }
    }

    private ReceiverProcess receiver(String name, Serving serving) {
        return ReceiverProcess.start(setup.in(name).work(), Contender.SIGNING_KEY, serving);
    }

    private SoakReport play(Setup own, ReceiverProcess plain, ReceiverProcess tls) {
        RedisServer redis = RedisServer.start(own.work(), "everysec", SoakStage.REWRITE_FROM);
        Map<String, String> settings =
                PosthasteContender.settings(redis.address().uri(), new Target(plain.uri(), 1));
        settings.putAll(SoakStage.settings(plain, tls, quick));
        settings.putAll(own.gateways().settings());
        List<String> options = new ArrayList<>(TOUCHED_HEAP);
        options.addAll(Reliability.options(own));
        GatewayProcess gateway = GatewayProcess.start(own.jar(), options, own.work(), settings);
        try (SoakStage stage = new SoakStage(redis, gateway, plain, tls)) {
            return new Soak(stage, script).play();
        } catch (IOException e) {
            throw new LoadException("Redis or /proc could not be read: " + e.getMessage(), e);
        }
    }

    private boolean report(SoakReport report, @Nullable Path json) {
        List<Judgement> judgements =
                report.judgements(SoakReport.Rules.of(script.length().toMillis() / 1e3));
        System.out.println(report.findings());
        System.out.println(Judgement.heading());
        judgements.forEach(judgement -> System.out.println(judgement));
        // Lives of half a minute say what was lost, and nothing of what grows.
        boolean flat = quick || (!judgements.isEmpty() && judgements.stream().allMatch(Judgement::isFlat));
        System.out.printf(
                "%s: %s, %s%n",
                flat && report.isAccountedFor() ? "PASS" : "FAIL",
                report.isAccountedFor() ? "all accounted for" : "not all accounted for",
                growth(flat, judgements));
        if (json != null) {
            Map<String, Object> written = new LinkedHashMap<>(Machine.describe());
            written.put("seed", script.seed());
            written.put("report", report);
            written.put("judgements", judgements);
            Machine.write(written, json);
        }
        return flat && report.isAccountedFor();
    }

    private String growth(boolean flat, List<Judgement> judgements) {
        if (quick) {
            return "too short to judge what grows";
        }
        return flat ? "nothing grew" : judgements.isEmpty() ? "no life was long enough to judge" : "something grew";
    }
}
