package io.posthaste.bench.load.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a process of this machine has used, from {@code /proc}. */
public final class ProcessUsage {
    /** {@code USER_HZ} is 100 on every Linux that Java runs on, whatever the kernel's own tick. */
    private static final long MICROS_PER_TICK = 10_000;

    /** Behind the command's name: user, system, and the same of children. */
    private static final int FIRST_TIME = 11;

    private ProcessUsage() {}

    /** User and system time of all its threads, in microseconds; 0 for a process that is gone. */
    public static long cpuMicros(long pid) {
        return cpuMicros(pid, 2);
    }

    /** The same with that of children it has waited for. */
    public static long cpuMicrosWithChildren(long pid) {
        return cpuMicros(pid, 4);
    }

    private static long cpuMicros(long pid, int times) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            // The command's name, in parentheses, may hold spaces: fields are counted from its end.
            List<String> fields =
                    List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" "));
            return fields.subList(FIRST_TIME, FIRST_TIME + times).stream()
                            .mapToLong(Long::parseLong)
                            .sum()
                    * MICROS_PER_TICK;
        } catch (IOException e) {
            return 0;
        }
    }

    /** Time its main thread has been on a CPU, in nanoseconds; 0 for a process that is gone. */
    public static long mainThreadNanos(long pid) {
        try {
            String spent = Files.readString(Path.of("/proc/%d/task/%d/schedstat".formatted(pid, pid)));
            return Long.parseLong(spent.substring(0, spent.indexOf(' ')));
        } catch (IOException e) {
            return 0;
        }
    }

    /** Most memory it ever had resident, in bytes; 0 for a process that is gone. */
    public static long peakBytes(long pid) {
        return status(pid, "VmHWM:");
    }

    /** Memory it has resident now, in bytes; 0 for a process that is gone. */
    public static long residentBytes(long pid) {
        return status(pid, "VmRSS:");
    }

    /** Its threads; 0 for a process that is gone. */
    public static long threads(long pid) {
        return field(pid, "Threads:");
    }

    /** Files and sockets it has open now. */
    public static long openFiles(long pid) throws IOException {
        try (var files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return files.count();
        }
    }

    /** How many it may have: the soft limit. */
    public static long mostOpenFiles(long pid) throws IOException {
        try (var lines = Files.lines(Path.of("/proc/" + pid + "/limits"))) {
            String limits = lines.filter(line -> line.startsWith("Max open files"))
                    .findFirst()
                    .orElseThrow();
            return Long.parseLong(limits.split(" +")[3]);
        }
    }

    private static long status(long pid, String field) {
        return field(pid, field) * 1024;
    }

    private static long field(long pid, String field) {
        try (var lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(line -> line.startsWith(field))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }
}
