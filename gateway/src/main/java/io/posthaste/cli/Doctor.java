package io.posthaste.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.posthaste.config.GatewayConfig;
import io.posthaste.doctor.Checkup;
import io.posthaste.doctor.Finding;
import io.posthaste.doctor.Finding.Level;
import io.posthaste.doctor.MachineCheck;
import io.posthaste.doctor.RedisCheck;
import io.posthaste.queue.QueueSettings;
import io.posthaste.redis.CommandTimer;
import io.posthaste.redis.RedisConnections;
import io.posthaste.redis.UnusableRedisException;
import io.posthaste.redis.embedded.EmbeddedRedis;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Looks for what breaks in production: asks a gateway that runs, and looks for itself where none does. */
@Command(
        name = "doctor",
        description = {
            "Looks for what breaks in production, and says how to mend it: Redis and its memory, copies and",
            "clock, the process and its machine, names and authorities, keys, readers of results.",
            "A gateway that runs is asked; where none answers, all but keys and readers is looked at from here."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:nothing to mend", "1:warnings", "2:something is broken, or the command was used wrongly"},
        footer = {"", "Example: posthaste doctor --config config/posthaste.yaml --json"})
public final class Doctor extends GatewayCommand {
    @Option(names = "--json", description = "Print it as JSON.")
    private boolean json;

    public Doctor(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        JsonNode found = findings();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(found);
        } else {
            found.path("findings").forEach(finding -> print(out, finding));
        }
        return switch (found.path("level").asText()) {
            case "ok" -> 0;
            case "warning" -> 1;
            default -> 2;
        };
    }

    private static void print(PrintWriter out, JsonNode finding) {
        out.printf(
                "  %-8s %s: %s%n",
                finding.path("level").asText(),
                finding.path("check").asText(),
                finding.path("found").asText());
        if (!finding.path("fix").asText().isEmpty()) {
            out.printf("  %-8s -> %s%n", "", finding.path("fix").asText());
        }
    }

    private JsonNode findings() {
        GatewayConfig config = access.config(terminal);
        try {
            return access.client(config).get("/v1/doctor");
        } catch (ApiClient.Unreachable none) {
            List<Finding> findings = new ArrayList<>(own(config));
            findings.addFirst(new Finding(
                    "gateway",
                    Level.BROKEN,
                    String.valueOf(none.getMessage()),
                    "scripts/start, or serve; its log says more"));
            return Checkup.json(findings);
        }
    }

    private static List<Finding> own(GatewayConfig config) {
        GatewayConfig.Redis redis = config.redis();
        Checkup.Check machine = MachineCheck.of(config);
        try (RedisConnections connections = RedisConnections.open(
                redis.isEmbedded() ? EmbeddedRedis.uri(redis.embedded()) : redis.uri(),
                redis.commandTimeout(),
                CommandTimer.NONE,
                redis.tls())) {
            return new Checkup(List.of(
                            new RedisCheck(
                                    connections, QueueSettings.SINGLE_SHARD, InstantSource.system(), System::nanoTime),
                            machine))
                    .findings();
        } catch (UnusableRedisException | IllegalStateException unusable) {
            List<Finding> findings = new ArrayList<>(new Checkup(List.of(machine)).findings());
            findings.addFirst(new Finding(
                    "Redis", Level.BROKEN, String.valueOf(unusable.getMessage()), "redis.uri, or start it"));
            return findings;
        }
    }
}
