package io.posthaste.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;

/** The bodies the template benchmarks render. The peers' script reads the same files. */
final class LiquidCases {
    static final Map<String, String> BODIES = Map.of(
            "zendesk", read("zendesk.liquid"),
            "lob", read("lob.liquid"),
            "close", read("close.liquid"),
            "loop20", read("loop20.liquid"));

    /** Close to 2 KiB of template: all bodies, one after the other, and a few more outputs. */
    static final String LARGE = BODIES.get("zendesk")
            + BODIES.get("close")
            + BODIES.get("lob")
            + BODIES.get("loop20")
            + "{{ customer.city | upcase }}\n".repeat(7);

    static final String DATA = read("data.json");

    private LiquidCases() {}

    private static String read(String name) {
        try (InputStream in = Objects.requireNonNull(LiquidCases.class.getResourceAsStream("/liquid/" + name))) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
