package io.posthaste.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.job.Job;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Producers that are not ours: redis-cli, Python and Node write jobs that are taken in. */
class InboxProducersIT {
    @AutoClose
    private static final RedisShard shard = RedisShard.start();

    @BeforeEach
    void clear() {
        shard.clear();
    }

    @Test
    void redisCliEnqueues() throws Exception {
        run(List.of(
                "redis-cli",
                "-p",
                "" + shard.server.port(),
                "XADD",
                "posthaste:{0}:inbox",
                "*",
                "v",
                "1",
                "id",
                "cli-1",
                "action",
                "crm",
                "data",
                "{\"event\":\"signup\"}"));

        assertThat(onlyJob()).isEqualTo("cli-1 crm {\"event\":\"signup\"}");
    }

    @Test
    void pythonEnqueues() throws Exception {
        String program = """
                import redis, json
                r = redis.Redis(port=%d)
                r.xadd("posthaste:{0}:inbox", {"v": 1, "id": "py-1", "action": "crm", "data": json.dumps({"event": "signup"})})
                """.formatted(shard.server.port());

        run(List.of("/usr/bin/python3", "-c", program));

        assertThat(onlyJob()).isEqualTo("py-1 crm {\"event\": \"signup\"}");
    }

    @Test
    void nodeEnqueues() throws Exception {
        Path modules = Path.of("target", "ioredis").toAbsolutePath();
        Files.createDirectories(modules);
        if (!Files.isDirectory(modules.resolve("node_modules/ioredis"))) {
            run(List.of(
                    "npm",
                    "install",
                    "--silent",
                    "--no-audit",
                    "--no-fund",
                    "--prefix",
                    modules.toString(),
                    "ioredis@5"));
        }
        String program = """
                const Redis = require('%s/node_modules/ioredis');
                const redis = new Redis(%d);
                redis.xadd('posthaste:{0}:inbox', '*', 'v', '1', 'id', 'node-1', 'action', 'crm', 'data', JSON.stringify({event: 'signup'}))
                  .then(() => redis.quit());
                """.formatted(modules, shard.server.port());

        run(List.of("node", "-e", program));

        assertThat(onlyJob()).isEqualTo("node-1 crm {\"event\":\"signup\"}");
    }

    private static String onlyJob() {
        Job job = shard.claim(10).getFirst().job();
        return job.id() + " " + job.action() + " " + new String(job.data(), StandardCharsets.UTF_8);
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(command.getFirst() + ": " + output).isZero();
    }
}
