package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import io.posthaste.redis.Keyspace;
import io.posthaste.redis.Shards;
import io.posthaste.testing.ConnectedRedis;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The producers of {@code docs/producers}, on a keyspace of four shards. */
class ProducersIT {
    private static final String HERE = "../docs/producers/";
    private static final List<String> IDS = List.of("job-1", "job-2", "a.b_c-9", "0");
    private static final String DATA = "{\"customer\":{\"name\":\"Zoë\"}}";

    @AutoClose
    private final ConnectedRedis redis = new ConnectedRedis();

    private Shards shards = Shards.ONE;

    @BeforeEach
    void make() {
        shards = Keyspace.open(redis.connections, 4);
    }

    @Test
    void aShellPutsEachJobWhereItsIdBelongs() throws Exception {
        for (String id : IDS) {
            run(id, "bash", HERE + "producer.sh", id, "crm", DATA);
        }
    }

    @Test
    void pythonPutsEachJobWhereItsIdBelongs() throws Exception {
        assumeThat(new ProcessBuilder("/usr/bin/python3", "-c", "import redis")
                        .start()
                        .waitFor())
                .as("python3-redis is installed")
                .isZero();
        for (String id : IDS) {
            run(id, "/usr/bin/python3", HERE + "producer.py", redis.uri(), id, "crm", DATA);
        }
    }

    @Test
    void javaPutsEachJobWhereItsIdBelongs() throws Exception {
        String java = System.getProperty("java.home") + "/bin/java";
        String classPath = System.getProperty("java.class.path");
        String id = IDS.getFirst();
        run(id, java, "-cp", classPath, HERE + "Producer.java", redis.uri(), id, "crm", DATA);
    }

    @Test
    void nodePutsEachJobWhereItsIdBelongs() throws Exception {
        String port = redis.uri().replaceFirst(".*:", "");
        for (String id : IDS) {
            run(id, "node", HERE + "producer.js", "127.0.0.1", port, id, "crm", DATA);
        }
    }

    @Test
    void goPutsEachJobWhereItsIdBelongs() throws Exception {
        assumeThat(isThere("go")).as("Go is installed").isTrue();
        String port = redis.uri().replaceFirst(".*:", "");
        for (String id : IDS) {
            run(id, "go", "run", HERE + "producer.go", "127.0.0.1:" + port, id, "crm", DATA);
        }
    }

    private static boolean isThere(String program) throws Exception {
        return new ProcessBuilder("bash", "-c", "command -v " + program).start().waitFor() == 0;
    }

    private void run(String id, String... command) throws IOException, InterruptedException {
        ProcessBuilder producer = new ProcessBuilder(command).redirectErrorStream(true);
        producer.environment().put("REDIS_CLI", "redis-cli -u " + redis.uri());
        Process process = producer.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();

        var entries = redis.commands.xrange(shards.at(id).inbox(), Range.unbounded());
        assertThat(entries)
                .extracting(StreamMessage::getBody)
                .contains(Map.of("v", "1", "id", id, "action", "crm", "data", DATA));
    }
}
