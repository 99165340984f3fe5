package io.posthaste.liquid.filter;

import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** A point in time that knows its zone: what {@code timezone} leaves for {@code date}. */
record Moment(ZonedDateTime at) {
    private static final DateTimeFormatter TEXT = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss Z", Locale.ROOT);

    @Override
    public String toString() {
        return TEXT.format(at);
    }
}
