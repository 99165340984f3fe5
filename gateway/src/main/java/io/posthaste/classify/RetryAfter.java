package io.posthaste.classify;

import io.posthaste.job.Header;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code Retry-After}: seconds, also with a fraction, or one of HTTP's three date forms (RFC 9110, 5.6.7). */
final class RetryAfter {
    private static final Pattern SECONDS = Pattern.compile("\\d{1,12}(\\.\\d{0,9})?");
    private static final List<DateTimeFormatter> DATES = List.of(
            DateTimeFormatter.RFC_1123_DATE_TIME,
            DateTimeFormatter.ofPattern("EEEE, dd-MMM-uu HH:mm:ss 'GMT'", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC),
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss uuuu", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC));

    private RetryAfter() {}

    /** How long the receiver wants to be left alone; zero when it says nothing, nothing readable or a time gone by. */
    static Duration in(List<Header> headers, Instant now) {
        for (Header header : headers) {
            if (header.name().equalsIgnoreCase("Retry-After")) {
                return parse(header.value().strip(), now);
            }
        }
        return Duration.ZERO;
    }

    private static Duration parse(String value, Instant now) {
        if (SECONDS.matcher(value).matches()) {
            return Duration.ofMillis((long) Math.ceil(Double.parseDouble(value) * 1000));
        }
        Instant date = DATES.stream()
                .flatMap(form -> date(form, value).stream())
                .findFirst()
                .orElse(now);
        return date.isAfter(now) ? Duration.between(now, date) : Duration.ZERO;
    }

    private static Optional<Instant> date(DateTimeFormatter form, String value) {
        try {
            return Optional.of(form.parse(value, Instant::from));
        } catch (DateTimeException notThisForm) {
            return Optional.empty();
        }
    }
}
