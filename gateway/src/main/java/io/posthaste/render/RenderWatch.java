package io.posthaste.render;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Which thread renders what. Renderings look at their deadline themselves, with each step; what a single step
 * does too long, a filter of somebody else's say, is found here. Thread-safe.
 */
public final class RenderWatch {
    private final ConcurrentMap<Thread, AtomicReference<@Nullable Watched>> threads = new ConcurrentHashMap<>();
    private final ThreadLocal<AtomicReference<@Nullable Watched>> mine = ThreadLocal.withInitial(this::register);

    private AtomicReference<@Nullable Watched> register() {
        return threads.computeIfAbsent(Thread.currentThread(), thread -> new AtomicReference<>());
    }

    /** One rendering, on the thread that began it, until it is closed there. */
    final class Watched implements AutoCloseable {
        private final Breaker breaker;
        private int looks; // Of who looks.
        private volatile boolean overran;

        private Watched(Breaker breaker) {
            this.breaker = breaker;
        }

        /** Whether somebody gave it up: whatever it made is not to be used. */
        boolean overran() {
            return overran;
        }

        @Override
        public void close() {
            mine.get().set(null);
        }
    }

    /** @param breaker of the template, which rests should this rendering overrun */
    Watched begin(Breaker breaker) {
        Watched watched = new Watched(breaker);
        mine.get().set(watched);
        return watched;
    }

    /**
     * Gives up what is still rendering at so many looks in a row, and has their templates rest. Looks are counted instead
     * of time: a process that was paused was not rendering. One thread looks. Answers their threads, each once per
     * rendering.
     */
    List<Thread> giveUp(int looks, Instant now) {
        List<Thread> stuck = new ArrayList<>();
        threads.keySet().removeIf(thread -> !thread.isAlive());
        threads.forEach((thread, current) -> {
            Watched watched = current.get();
            if (watched != null && !watched.overran && ++watched.looks > looks) {
                watched.overran = true;
                watched.breaker.open(now);
                stuck.add(thread);
            }
        });
        return stuck;
    }
}
