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
    /** Makes a new one inside {@code given}, which is kept, or a temporary one. */
    static WorkDirectory open(@Nullable Path given) {
        try {
            if (given == null) {
                return new WorkDirectory(Files.createTempDirectory("posthaste-load"), true);
            }
            Path inside = Files.createDirectories(given).toAbsolutePath();
            WorkDirectory kept = new WorkDirectory(Files.createTempDirectory(inside, "run"), false);
            System.out.println("data and logs in " + kept.path());
            return kept;
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
