package io.posthaste.queue;

import io.posthaste.redis.LuaScript;

/** The scripts of the job engine, each with the prelude they share. */
public record JobScripts(
        LuaScript claim,
        LuaScript settle,
        LuaScript find,
        LuaScript cancel,
        LuaScript redrive,
        LuaScript resend,
        LuaScript operate,
        LuaScript operation,
        LuaScript matching,
        LuaScript tally,
        LuaScript lane,
        LuaScript depth,
        LuaScript schedule,
        LuaScript retain,
        LuaScript reconcile) {

    public static JobScripts load() {
        return new JobScripts(
                load("claim"),
                load("settle"),
                load("find"),
                load("cancel"),
                load("redrive"),
                load("resend"),
                load("operate"),
                load("operation"),
                load("matching"),
                load("tally"),
                load("lane"),
                load("depth"),
                load("schedule"),
                load("retain"),
                load("reconcile"));
    }

    private static LuaScript load(String name) {
        return LuaScript.load("queue/" + name + ".lua");
    }
}
