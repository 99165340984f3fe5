package io.posthaste.redact;

import io.posthaste.job.Header;
import io.posthaste.job.RenderedRequest;
import io.posthaste.job.SecretValues;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What must not be shown: credentials in URLs, values under telling names, and the same values where they turn up again,
 * in a body or in a receiver's answer that repeats them (SEC-3).
 */
public final class Redaction {
    private static final String MASK = SecretValues.MASK;

    /** Shorter values are too likely to be part of something else. */
    private static final int SHORTEST = 6;

    private static final Pattern HEADER = Pattern.compile(
            "authorization|proxy-authorization|cookie|set-cookie|.*(token|secret|signature|password|api-?key).*");
    private static final Pattern PARAMETER = Pattern.compile(
            "key|sig|pass|pwd|auth|.*(token|secret|signature|password|api[-_]?key|access[-_]?key|authorization).*");

    private final Predicate<String> moreNames;

    /** @param moreNames of headers and URL parameters that hold secrets, beside those known; {@code *} is any characters */
    public Redaction(List<String> moreNames) {
        this.moreNames = Pattern.compile(
                        moreNames.stream().map(Redaction::regex).collect(Collectors.joining("|")))
                .asMatchPredicate();
    }

    private static String regex(String name) {
        return name.toLowerCase(Locale.ROOT).replace(".", "\\.").replace("*", ".*");
    }

    /** The secrets of a request; none for null. */
    public SecretValues secretsOf(@Nullable RenderedRequest request) {
        if (request == null) {
            return SecretValues.NONE;
        }
        Set<String> values = new TreeSet<>();
        collectFromUrl(request.url(), values);
        request.headers().stream().filter(this::isSecret).forEach(h -> collectFromHeader(h.value(), values));
        values.removeIf(value -> value.length() < SHORTEST);
        values.addAll(request.secrets().values());
        return SecretValues.of(values);
    }

    /** The header, its value masked when its name tells that it is a secret. */
    public Header masked(Header header) {
        return isSecret(header) ? new Header(header.name(), MASK) : header;
    }

    /** {@code https://user:***@host/path?token=***}; a user without a password is a key, and masked too. */
    public String maskedUrl(String url) {
        UrlText parts = UrlText.cut(url);
        String user = parts.userinfo();
        int colon = user.indexOf(':');
        boolean hasPassword = colon >= 0 && colon < user.length() - 1;
        String shown = user.isEmpty() ? "" : (hasPassword ? user.substring(0, colon) + ":" : "") + MASK + "@";
        return parts.scheme() + shown + parts.host() + maskedQuery(parts.rest());
    }

    private boolean isSecret(Header header) {
        return isSecret(HEADER, header.name());
    }

    private boolean isSecret(Pattern known, String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return known.matcher(lower).matches() || moreNames.test(lower);
    }

    private String maskedQuery(String rest) {
        int mark = rest.indexOf('?');
        if (mark < 0) {
            return rest;
        }
        StringBuilder shown = new StringBuilder(rest.substring(0, mark + 1));
        for (String pair : rest.substring(mark + 1).split("(?<=&)")) {
            int equals = pair.indexOf('=');
            String end = pair.endsWith("&") ? "&" : "";
            shown.append(isSecretPair(pair) ? pair.substring(0, equals + 1) + MASK + end : pair);
        }
        return shown.toString();
    }

    private boolean isSecretPair(String pair) {
        int equals = pair.indexOf('=');
        return equals > 0 && isSecret(PARAMETER, pair.substring(0, equals));
    }

    private void collectFromUrl(String url, Set<String> values) {
        UrlText parts = UrlText.cut(url);
        String user = parts.userinfo();
        if (!user.isEmpty()) {
            String decoded = decoded(user);
            String pair = decoded.contains(":") ? decoded : decoded + ":";
            values.add(Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
            int colon = user.indexOf(':');
            String secret = colon >= 0 && colon < user.length() - 1 ? user.substring(colon + 1) : user.replace(":", "");
            values.add(secret);
            values.add(decoded(secret));
        }
        for (String pair : parts.rest().split("[?&#]")) {
            if (isSecretPair(pair)) {
                String value = pair.substring(pair.indexOf('=') + 1);
                values.add(value);
                values.add(decoded(value));
            }
        }
    }

    private static void collectFromHeader(String value, Set<String> values) {
        values.add(value);
        int space = value.indexOf(' ');
        if (space > 0) {
            values.add(value.substring(space + 1).strip());
        }
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException broken) {
            return text;
        }
    }
}
