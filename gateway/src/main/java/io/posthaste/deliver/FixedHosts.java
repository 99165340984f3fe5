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
    /** Nothing of a template in front of the path. */
    private static final Pattern WRITTEN_OUT =
            Pattern.compile("(https?://[^\\s{}/?#\\\\@]+)(?:[/?#].*)?", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private static final int MOST_URLS = 10_000;

    private final LoadingCache<String, Optional<String>> hosts;

    /** @param hostKey names the host of a URL for limits; null when it cannot be dialled */
    FixedHosts(Function<String, @Nullable String> hostKey) {
        this.hosts = Caffeine.newBuilder().maximumSize(MOST_URLS).build(url -> {
            Matcher parts = WRITTEN_OUT.matcher(url);
            return parts.matches() ? Optional.ofNullable(hostKey.apply(parts.group(1) + "/")) : Optional.empty();
        });
    }

    Optional<String> of(Action action) {
        return hosts.get(action.url());
    }
}
