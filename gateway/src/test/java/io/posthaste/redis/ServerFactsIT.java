package io.posthaste.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.posthaste.doctor.Finding;
import io.posthaste.doctor.RedisCheck;
import io.posthaste.testing.RedisServer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Two primaries of a cluster that have one port on two hosts, as servers in containers have. */
class ServerFactsIT {
    private static final String[] CLUSTERED = {
        "--cluster-enabled", "yes", "--cluster-require-full-coverage", "no", "--cluster-config-file", "nodes.conf"
    };

    @AutoClose
    private final RedisServer first = RedisServer.startAt("127.0.0.1", RedisServer.portWithBus(), CLUSTERED);

    @AutoClose
    private final RedisServer second = RedisServer.startAt("127.0.0.2", first.port(), CLUSTERED);

    @Test
    void serversOnOnePortAreToldApartByTheirHosts() {
        String one = "127.0.0.1:" + first.port();
        String other = "127.0.0.2:" + first.port();
        join();

        try (RedisConnections redis = RedisConnections.open(first.uri() + "," + other, Duration.ofSeconds(5))) {
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> ServerFacts.of(redis).size() == 2);

            assertThat(ServerFacts.of(redis)).extracting(ServerFacts::address).containsExactlyInAnyOrder(one, other);
            List<Finding> found = new RedisCheck(redis, "0", InstantSource.system(), System::nanoTime).look();
            assertThat(found)
                    .extracting(Finding::check)
                    .contains("Redis on " + one + ": memory", "Redis on " + other + ": memory");
        }
    }

    /** Each has half of the slots and knows the other. */
    private void join() {
        RedisClient client = RedisClient.create();
        try {
            RedisCommands<String, String> a =
                    client.connect(RedisURI.create(first.uri())).sync();
            RedisCommands<String, String> b =
                    client.connect(RedisURI.create(second.uri())).sync();
            a.clusterAddSlots(slots(0));
            b.clusterAddSlots(slots(8_192));
            b.clusterSetConfigEpoch(2);
            a.clusterSetConfigEpoch(1);
            a.clusterMeet("127.0.0.2", first.port());
            await().atMost(Duration.ofSeconds(20)).until(() -> isWhole(a) && isWhole(b));
        } finally {
            client.shutdown();
        }
    }

    private static boolean isWhole(RedisCommands<String, String> server) {
        String info = server.clusterInfo();
        return info.contains("cluster_state:ok") && info.contains("cluster_slots_ok:16384");
    }

    private static int[] slots(int from) {
        return IntStream.range(from, from + 8_192).toArray();
    }
}
