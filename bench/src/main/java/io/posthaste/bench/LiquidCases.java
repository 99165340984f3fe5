package io.posthaste.bench;

import java.util.Map;

/** The bodies the template benchmarks render. The peers' script reads the same files. */
final class LiquidCases {
    static final Map<String, String> BODIES = Map.of(
            "zendesk", read("zendesk.liquid"),
            "lob", read("lob.liquid"),
            "close", read("close.liquid"),
            "loop20", read("loop20.liquid"));

    static final String DATA = read("data.json");

    private LiquidCases() {}

    private static String read(String name) {
        try (java.io.InputStream in = LiquidCases.class.getResourceAsStream("/liquid/" + name)) {
            return new String(
                    java.util.Objects.requireNonNull(in).readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
