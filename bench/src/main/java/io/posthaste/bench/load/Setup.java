package io.posthaste.bench.load;

import io.posthaste.bench.load.process.LoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
 * @param gatewaySettings {@code POSTHASTE_…} variables beside those every load test sets
 */
record Setup(
        Path work,
        Path root,
        @Nullable String redis,
        String fsync,
        List<String> javaOptions,
        Map<String, String> gatewaySettings) {

    /** The same in a directory of its own below this one's. */
    Setup in(String name) {
        try {
            Path inside = Files.createDirectories(work.resolve(name));
            return new Setup(inside, root, redis, fsync, javaOptions, gatewaySettings);
        } catch (IOException e) {
            throw new LoadException("cannot make a directory in " + work, e);
        }
    }

    Path jar() {
        return root.resolve("gateway/target/posthaste.jar");
    }
}
