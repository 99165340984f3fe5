package io.posthaste.deliver;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.posthaste.action.Action;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The hosts of actions whose URLs write them out: known before anything is rendered. */
final class FixedHosts {
    /** Nothing of a template in front of the path, and no more than a host name and a port may be long. */
    private static final Pattern WRITTEN_OUT =
            Pattern.compile("https?://[^\\s{}/?#\\\\@]{1,262}(?=[/?#]|\\z)", Pattern.CASE_INSENSITIVE);

    /** Whole URLs would be another matter: jobs bring their own, of 64 KiB each. */
    private static final int MOST_HOSTS = 10_000;

    private final LoadingCache<String, Optional<String>> hosts;

    /** @param hostKey names the host of a URL for limits; null when it cannot be dialled */
    FixedHosts(Function<String, @Nullable String> hostKey) {
        this.hosts = Caffeine.newBuilder()
                .maximumSize(MOST_HOSTS)
                .build(start -> Optional.ofNullable(hostKey.apply(start + "/")));
    }

    Optional<String> of(Action action) {
        Matcher start = WRITTEN_OUT.matcher(action.url());
        return start.lookingAt() ? hosts.get(start.group()) : Optional.empty();
    }
}
