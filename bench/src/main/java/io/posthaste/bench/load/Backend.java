package io.posthaste.bench.load;

import io.posthaste.bench.load.drive.ClusterFeed;
import io.posthaste.bench.load.drive.Feed;
import io.posthaste.bench.load.drive.Frames;
import io.posthaste.bench.load.drive.Ledger;
import io.posthaste.bench.load.drive.Pace;
import io.posthaste.bench.load.drive.Producer;
import io.posthaste.bench.load.drive.Workload;
import io.posthaste.bench.load.process.RedisAddress;
import io.posthaste.bench.load.process.RedisCluster;
import io.posthaste.bench.load.process.RedisConnection;
import io.posthaste.bench.load.process.RedisNode;
import io.posthaste.bench.load.process.RedisServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Where the jobs of a run are: one Redis, or a cluster. */
sealed interface Backend extends AutoCloseable {
    int ANSWER_MILLIS = 2_000;

    /** As the gateway is told. */
    String uri();

    /** Of it, or of one of its servers. */
    RedisAddress address();

    /** To the server that has this key. */
    RedisConnection connect(String key) throws IOException;

    RedisMeter meter();

    Feed feed(String run, Workload workload, List<String> inboxes, Ledger ledger, Pace pace);

    /** How it stands beside the contender's name; empty for one Redis. */
    String name();

    @Override
    void close();

    /**
     * One.
     *
     * @param own null for one that was there before
     */
    record One(@Nullable RedisServer own, RedisAddress address) implements Backend {
        static One of(Setup setup) {
            String given = setup.redis().uri();
            if (given != null) {
                return new One(null, RedisAddress.parse(given));
            }
            RedisServer own = RedisServer.start(setup.work(), setup.redis().fsync());
            return new One(own, own.address());
        }

        @Override
        public String uri() {
            return address.uri();
        }

        @Override
        public RedisConnection connect(String key) throws IOException {
            return RedisConnection.open(address);
        }

        @Override
        public RedisMeter meter() {
            RedisServer server = own;
            return server == null
                    ? RedisMeter.asking(address)
                    : new RedisMeter(
                            address, () -> LongStream.of(server.process().pid()));
        }

        @Override
        public Feed feed(String run, Workload workload, List<String> inboxes, Ledger ledger, Pace pace) {
            return new Producer(address, new Frames(run, workload, inboxes), ledger, pace, workload.dueMillis());
        }

        @Override
        public String name() {
            return "";
        }

        @Override
        public void close() {
            if (own != null) {
                own.close();
            }
        }
    }

    /** A cluster of primaries without replicas: what replicating costs is not the gateway's. */
    record Many(RedisCluster cluster) implements Backend {
        static Many start(Path work, int primaries) {
            return new Many(RedisCluster.start(work, primaries, 0));
        }

        @Override
        public String uri() {
            return cluster.uri();
        }

        @Override
        public RedisAddress address() {
            return cluster.nodes().getFirst().redis();
        }

        @Override
        public RedisConnection connect(String key) throws IOException {
            return cluster.connect(key, ANSWER_MILLIS);
        }

        @Override
        public RedisMeter meter() {
            return new RedisMeter(
                    address(),
                    () -> cluster.nodes().stream().map(RedisNode::process).mapToLong(process -> process.pid()));
        }

        @Override
        public Feed feed(String run, Workload workload, List<String> inboxes, Ledger ledger, Pace pace) {
            return new ClusterFeed(cluster, run, workload, inboxes, ledger, pace, false);
        }

        @Override
        public String name() {
            return " on %d primaries".formatted(cluster.nodes().size());
        }

        @Override
        public void close() {
            cluster.close();
        }
    }
}
