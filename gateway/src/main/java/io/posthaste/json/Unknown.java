package io.posthaste.json;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Numbers in JSON that may not be known: {@code null} then. */
public final class Unknown {
    private Unknown() {}

    /** @param count below 0 when nobody knows */
    public static void putCount(ObjectNode view, String name, long count) {
        put(view, name, count, count < 0);
    }

    /** @param millis epoch milliseconds; 0 for never */
    public static void putTime(ObjectNode view, String name, long millis) {
        put(view, name, millis, millis == 0);
    }

    private static void put(ObjectNode view, String name, long value, boolean unknown) {
        if (unknown) {
            view.putNull(name);
        } else {
            view.put(name, value);
        }
    }
}
