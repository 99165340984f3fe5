package io.posthaste.doctor;

import io.posthaste.redis.RedisConnections;
import io.posthaste.redis.ServerFacts;
import io.posthaste.redis.ServerProbe;
import io.posthaste.redis.UnusableRedisException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;

/** The servers that jobs are trusted to: what they are, how full, how far away, and whether anybody copies them. */
public final class RedisCheck implements Checkup.Check {
    private static final int ROUND_TRIPS = 20;
    private static final Duration SLOW = Duration.ofMillis(5);
    private static final Duration CLOCK = Duration.ofSeconds(1);
    private static final int FULL = 80;
    private static final int NEARLY_LOST = 95;
    private static final long BEHIND_SECONDS = 10;

    private final RedisConnections redis;
    private final ServerProbe probe;
    private final InstantSource clock;
    private final LongSupplier nanoTime;

    /** @param shard the tag of any */
    public RedisCheck(RedisConnections redis, String shard, InstantSource clock, LongSupplier nanoTime) {
        this.redis = redis;
        this.probe = new ServerProbe(redis, shard);
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    @Override
    public String name() {
        return "Redis";
    }

    @Override
    public List<Finding> look() {
        List<Finding> findings = new ArrayList<>();
        for (ServerFacts server : ServerFacts.of(redis)) {
            String where = "Redis on " + server.address();
            findings.addAll(trust(where, server));
            findings.add(memory(where, server));
            findings.add(file(where, server));
            findings.add(copies(where, server));
        }
        findings.add(latency());
        findings.add(clocks());
        findings.add(flushing());
        return findings;
    }

    private static List<Finding> trust(String where, ServerFacts server) {
        try {
            List<String> warnings = server.warnings();
            return warnings.isEmpty()
                    ? List.of(Finding.ok(
                            where, "version " + server.text("redis_version", "?") + ", keeps what it is given"))
                    : warnings.stream()
                            .map(warning -> Finding.warning(where, warning, "docs/operating.md says what it must be"))
                            .toList();
        } catch (UnusableRedisException unusable) {
            return List.of(Finding.broken(
                    where, String.valueOf(unusable.getMessage()), "change it before jobs are trusted to it"));
        }
    }

    private static Finding memory(String where, ServerFacts server) {
        long most = server.number("maxmemory");
        long used = server.number("used_memory");
        String name = where + ": memory";
        if (most == 0) {
            return Finding.ok(name, (used >> 20) + " MiB used, no limit");
        }
        long percent = 100 * used / most;
        String found = "%d of %d MiB used, %d %%".formatted(used >> 20, most >> 20, percent);
        String fix = "drain the backlog, give Redis more memory, or keep less (history.*, results)";
        if (percent >= NEARLY_LOST) {
            return Finding.broken(name, found + ": new jobs are refused soon", fix);
        }
        return percent >= FULL ? Finding.warning(name, found, fix) : Finding.ok(name, found);
    }

    private static Finding file(String where, ServerFacts server) {
        String name = where + ": append-only file";
        boolean fails = !server.text("aof_last_write_status", "ok").equals("ok")
                || !server.text("aof_last_bgrewrite_status", "ok").equals("ok");
        if (fails) {
            return Finding.broken(
                    name, "its last write or rewrite failed", "look at the server's log and at the disk's room");
        }
        return server.number("aof_enabled") == 1
                ? Finding.ok(name, (server.number("aof_current_size") >> 20) + " MiB, written")
                : Finding.warning(name, "there is none", "appendonly yes, or a restart of Redis loses jobs");
    }

    private static Finding copies(String where, ServerFacts server) {
        String name = where + ": replicas";
        int copies = (int) server.number("connected_slaves");
        if (copies == 0) {
            return Finding.warning(
                    name, "none: what it holds is lost with its disk", "add a replica, and enqueue with durable=1");
        }
        long online = server.onlineCopies();
        if (online < copies) {
            return Finding.warning(name, online + " of " + copies + " are online", "look at the log of the others");
        }
        long worst = server.slowestCopy();
        String found = "%d, at most %d s behind".formatted(copies, worst);
        return worst > BEHIND_SECONDS
                ? Finding.warning(name, found, "its network or disk is too slow for what is written")
                : Finding.ok(name, found);
    }

    /** The middle of some round trips and the longest. */
    private Finding latency() {
        long[] took = new long[ROUND_TRIPS];
        for (int i = 0; i < ROUND_TRIPS; i++) {
            long start = nanoTime.getAsLong();
            probe.ping();
            took[i] = nanoTime.getAsLong() - start;
        }
        Arrays.sort(took);
        String found = "%.1f ms in the middle, %.1f ms at most"
                .formatted(took[ROUND_TRIPS / 2] / 1e6, took[ROUND_TRIPS - 1] / 1e6);
        return took[ROUND_TRIPS / 2] > SLOW.toNanos()
                ? Finding.warning(
                        "Redis: round trip",
                        found,
                        "run gateways near Redis: each delivery takes two round trips at least")
                : Finding.ok("Redis: round trip", found);
    }

    private Finding clocks() {
        long before = clock.millis();
        long theirs = probe.timeMillis();
        long between = Math.abs(theirs - (before + clock.millis()) / 2);
        String found = between + " ms between Redis' clock and this machine's";
        return between > CLOCK.toMillis()
                ? Finding.warning(
                        "Redis: clock", found, "synchronise clocks; due times are Redis', signatures this machine's")
                : Finding.ok("Redis: clock", found);
    }

    private Finding flushing() {
        String policy = probe.fsyncPolicy();
        String name = "Redis: fsync";
        if (policy.equals("no")) {
            return Finding.warning(
                    name, "appendfsync no: a crash of the machine loses half a minute", "everysec, or always");
        }
        return Finding.ok(name, "appendfsync " + policy);
    }
}
