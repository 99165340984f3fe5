package io.posthaste.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts a script together: each file names in its head what it uses ({@code -- uses queue/lib/lanes}), and gets that in
 * front of it, everything once. Their locals are the script's: a file says what it needs by its names, and a script carries
 * nothing else.
 *
 * <p>Redis wants the script's own {@code #!lua} line first.
 */
final class LuaModules {
    private static final String USES = "-- uses ";

    private final Map<String, String> texts = new LinkedHashMap<>();
    private final List<String> open = new ArrayList<>();

    private LuaModules() {}

    /** @param resource of the script on the class path */
    static String compose(String resource) {
        LuaModules modules = new LuaModules();
        String script = read(resource);
        modules.addAll(uses(script));
        int firstLine = script.indexOf('\n') + 1;
        return script.substring(0, firstLine) + String.join("", modules.texts.values()) + script.substring(firstLine);
    }

    private void addAll(List<String> names) {
        names.stream().filter(name -> !texts.containsKey(name)).forEach(this::add);
    }

    private void add(String name) {
        if (open.contains(name)) {
            throw new IllegalStateException("Lua modules use each other in a circle: " + open + ", " + name);
        }
        open.add(name);
        String text = read(name + ".lua");
        addAll(uses(text));
        texts.put(name, text);
        open.removeLast();
    }

    private static List<String> uses(String text) {
        return text.lines()
                .filter(line -> line.startsWith(USES))
                .flatMap(line -> Arrays.stream(line.substring(USES.length()).split(" ")))
                .toList();
    }

    private static String read(String resource) {
        try (InputStream in = LuaModules.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalArgumentException("no script " + resource + " on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
