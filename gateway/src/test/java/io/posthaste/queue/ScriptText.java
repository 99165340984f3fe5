package io.posthaste.queue;

import io.posthaste.redis.LuaScript;

/** The text of a script as Redis gets it. */
final class ScriptText {
    private ScriptText() {}

    static String of(String name) {
        return LuaScript.load("queue/common.lua", "queue/" + name + ".lua").text();
    }
}
