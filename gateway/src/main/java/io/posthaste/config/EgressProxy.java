package io.posthaste.config;

import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The proxy by which all receivers are reached.
 *
 * @param port 1 to 65535
 * @param username empty for none
 * @param password empty for none
 */
public record EgressProxy(String host, int port, String username, String password) {
    private static final Pattern FORM =
            Pattern.compile("http://(?:([^/@:]+):([^/@]*)@)?([A-Za-z0-9._-]+):([1-9]\\d{0,4})/?");

    private static final int LAST_PORT = 65_535;

    /** Null when it is not {@code http://host:port} or {@code http://user:password@host:port}. */
    static @Nullable EgressProxy parse(String url) {
        Matcher parts = FORM.matcher(url);
        if (!parts.matches() || Integer.parseInt(parts.group(4)) > LAST_PORT) {
            return null;
        }
        return new EgressProxy(
                parts.group(3),
                Integer.parseInt(parts.group(4)),
                Objects.requireNonNullElse(parts.group(1), ""),
                Objects.requireNonNullElse(parts.group(2), ""));
    }

    /** Leaves out the credentials. */
    @Override
    public String toString() {
        return "EgressProxy[" + host + ":" + port + "]";
    }
}
