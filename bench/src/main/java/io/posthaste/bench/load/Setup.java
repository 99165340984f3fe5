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
 * @param redis URI of a Redis to use; null for one of the load test's own
 * @param fsync policy of the load test's own Redis
 * @param javaOptions of the gateway's JVM
 * @param certificate of the receiver, PEM; null for plain HTTP
 * @param gatewaySettings {@code POSTHASTE_…} variables beside those every load test sets
 */
record Setup(
        Path work,
        Path root,
        @Nullable String redis,
        String fsync,
        List<String> javaOptions,
        @Nullable Path certificate,
        Map<String, String> gatewaySettings) {

    /** The same in a directory of its own below this one's. */
    Setup in(String name) {
        try {
            Path inside = Files.createDirectories(work.resolve(name));
            return new Setup(inside, root, redis, fsync, javaOptions, certificate, gatewaySettings);
        } catch (IOException e) {
            throw new LoadException("cannot make a directory in " + work, e);
        }
    }

    /** The same for contenders that trust these. */
    Setup trusting(ReceiverKeys keys) {
        List<String> options = new ArrayList<>(javaOptions);
        options.addAll(keys.javaOptions());
        return new Setup(work, root, redis, fsync, options, keys.certificate(), gatewaySettings);
    }

    Path jar() {
        return root.resolve("gateway/target/posthaste.jar");
    }
}
