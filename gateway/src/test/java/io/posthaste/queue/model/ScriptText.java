package io.posthaste.queue.model;

import io.posthaste.redis.LuaScript;
import io.posthaste.testing.LuaFiles;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The text of a script as Redis gets it, and what it promises. */
final class ScriptText {
    /** After a line that keeps a promise: what it is. Several are told apart by {@code ;}. */
    static final String MARKER = "--! ";

    private ScriptText() {}

    static String of(String name) {
        return LuaScript.load(name + ".lua").text();
    }

    static List<String> promises(String line) {
        int marker = line.indexOf(MARKER);
        return marker < 0
                ? List.of()
                : List.of(line.substring(marker + MARKER.length()).split("; "));
    }

    static Set<String> allPromises() {
        Set<String> all = new TreeSet<>();
        LuaFiles.all().forEach(file -> file.lines().forEach(line -> all.addAll(promises(line))));
        return all;
    }
}
