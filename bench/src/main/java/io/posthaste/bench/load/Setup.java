package io.posthaste.bench.load;

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

    Path jar() {
        return root.resolve("gateway/target/posthaste.jar");
    }
}
