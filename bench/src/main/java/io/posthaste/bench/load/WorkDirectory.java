package io.posthaste.bench.load;

import io.posthaste.bench.load.process.LoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Where a load test keeps data and logs.
 *
 * @param temporary whether it is removed at the end
 */
record WorkDirectory(Path path, boolean temporary) implements AutoCloseable {
    /** Uses {@code given}, or makes a temporary one. */
    static WorkDirectory open(@Nullable Path given) {
        try {
            return given == null
                    ? new WorkDirectory(Files.createTempDirectory("posthaste-load"), true)
                    : new WorkDirectory(Files.createDirectories(given).toAbsolutePath(), false);
        } catch (IOException e) {
            throw new LoadException("cannot make a work directory: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        if (!temporary) {
            return;
        }
        try (var files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            System.err.println("load: could not remove " + path + ": " + e.getMessage());
        }
    }
}
