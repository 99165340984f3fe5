package io.posthaste.bench.load;

import io.posthaste.bench.load.process.LoadException;
import io.posthaste.bench.load.process.ReceiverKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What contenders are started with.
 *
 * @param work directory for data and logs
 * @param root of the repository
 * @param certificate of the receiver, PEM; null for plain HTTP
 */
record Setup(
        Path work,
        Path root,
        Redis redis,
        Gateways gateways,
        @Nullable Path certificate) {

    /**
     * Where jobs are put.
     *
     * @param uri of a Redis to use; null for one of the load test's own
     * @param fsync policy of that
     * @param primaries of a cluster to measure beside it; 0 for none
     */
    record Redis(@Nullable String uri, String fsync, int primaries) {}

    /**
     * What is measured.
     *
     * @param count of them
     * @param javaOptions of their JVMs
     * @param settings {@code POSTHASTE_…} variables beside those every load test sets
     */
    record Gateways(int count, List<String> javaOptions, Map<String, String> settings) {}

    /** The same in a directory of its own below this one's. */
    Setup in(String name) {
        try {
            Path inside = Files.createDirectories(work.resolve(name));
            return new Setup(inside, root, redis, gateways, certificate);
        } catch (IOException e) {
            throw new LoadException("cannot make a directory in " + work, e);
        }
    }

    /** The same for contenders that trust these. */
    Setup trusting(ReceiverKeys keys) {
        List<String> options = new ArrayList<>(gateways.javaOptions());
        options.addAll(keys.javaOptions());
        Gateways trusting = new Gateways(gateways.count(), options, gateways.settings());
        return new Setup(work, root, redis, trusting, keys.certificate());
    }

    Path jar() {
        return root.resolve("gateway/target/posthaste.jar");
    }
}
