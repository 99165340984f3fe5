package io.posthaste.http;

import io.posthaste.config.ConfigException;
import io.posthaste.metrics.Repeating;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The tokens file as it stands: read again when it changes, so that a token that is taken out of it opens nothing a second
 * later. One that cannot be read as a whole is told of, and what it last said holds: a slip of the pen must neither lock
 * everybody out nor let a revoked token in again.
 */
public final class TokenFiles implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TokenFiles.class);
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Path file;
    private final InstantSource clock;
    private final Disposable.Swap loop = Disposables.swap();
    private volatile List<AccessTokens.Entry> entries;
    private List<String> problems = List.of();
    /** An editor that writes a new file takes the old one away for a moment. */
    private boolean wasMissing;

    /** Reads it once. {@link ConfigException} with every line that is wrong. */
    public TokenFiles(Path file, InstantSource clock) {
        this.file = file;
        this.clock = clock;
        this.entries = TokenFile.read(file).entries();
    }

    /** @param scheduler may block */
    public void start(Scheduler scheduler) {
        loop.update(Repeating.every("tokens", LOOK, LOOK, scheduler, () -> Mono.fromRunnable(this::look)));
    }

    @Override
    public void close() {
        loop.dispose();
    }

    /** Those that have not expired. */
    List<AccessTokens.Entry> valid() {
        return entries.stream()
                .filter(entry -> clock.instant().isBefore(entry.expires()))
                .toList();
    }

    /** Reads it again. */
    void look() {
        boolean missing = !Files.exists(file);
        if (missing && !wasMissing) {
            wasMissing = true;
            return;
        }
        wasMissing = missing;
        try {
            List<AccessTokens.Entry> read = TokenFile.read(file).entries();
            problems = List.of();
            if (!names(read).equals(names(entries))) {
                log.atInfo().addKeyValue("tokens", names(read)).log("tokens.changed");
            }
            entries = read;
        } catch (ConfigException broken) {
            if (!broken.problems().equals(problems)) {
                problems = broken.problems();
                log.atError().addKeyValue("problems", problems).log("tokens.unreadable");
            }
        }
    }

    private static List<String> names(List<AccessTokens.Entry> entries) {
        return entries.stream().map(entry -> entry.caller().name()).toList();
    }
}
