package io.posthaste.job;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Hosts to which something may go.
 *
 * @param patterns lower case, without ports: a host name or IP address, or {@code *.example.com} for all names below
 *     that domain
 */
public record HostPatterns(List<String> patterns) {
    /** Of one action or secret. */
    public static final int MOST = 50;

    public static final HostPatterns NONE = new HostPatterns(List.of());

    private static final String ANY_BELOW = "*.";
    private static final Pattern FORM =
            Pattern.compile("(\\*\\.)?[a-z0-9_]([a-z0-9._-]{0,251}[a-z0-9_])?|[0-9a-f:.]{2,45}");

    public HostPatterns {
        patterns = patterns.stream().map(HostPatterns::normal).toList();
    }

    private static String normal(String pattern) {
        String lower = pattern.toLowerCase(Locale.ROOT);
        boolean bracketed = lower.startsWith("[") && lower.endsWith("]");
        return bracketed ? lower.substring(1, lower.length() - 1) : lower;
    }

    /** Whether this is a host, or names hosts, as written by a person. */
    public static boolean isPattern(String text) {
        return FORM.matcher(normal(text)).matches();
    }

    public boolean isEmpty() {
        return patterns.isEmpty();
    }

    /** @param host as it is dialled: lower case, an IP address in canonical form without brackets */
    public boolean include(String host) {
        for (String pattern : patterns) {
            if (pattern.startsWith(ANY_BELOW) ? host.endsWith(pattern.substring(1)) : host.equals(pattern)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return String.join(", ", patterns);
    }
}
