package io.posthaste.bench.load.fault;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.posthaste.bench.load.drive.Drive;
import io.posthaste.bench.load.drive.Reconciliation;
import io.posthaste.bench.load.process.LoadException;
import io.posthaste.bench.load.process.ProcessUsage;
import java.io.IOException;
import java.util.List;

/**
 * The gateway runs out of file descriptors just as slow receivers make it need more connections, and gets them back
 * later. What cannot be sent meanwhile costs no attempt: nothing fails, nothing is lost, nothing is sent twice.
 */
final class DescriptorLimit implements Scenario {
    /** What it may open beyond what is open: less than slow receivers take. */
    private static final int MORE = 4;

    @Override
    public String name() {
        return "fd-limit";
    }

    @Override
    public Verdict play(Stage stage) throws IOException {
        long pid = stage.gateway().process().pid();
        int millis = stage.script().times(10_000, 2_000);
        List<Integer> all = stage.allActions();
        long before = stage.shard().refused();
        try (Drive drive = stage.load()) {
            stage.pause(1_000, 1_500);
            stage.awaitCaughtUp(drive);
            long usual = ProcessUsage.mostOpenFiles(pid);
            limit(pid, ProcessUsage.openFiles(pid) + MORE);
            stage.behave(all, "delay:300");
            stage.pause(millis, millis);
            limit(pid, usual);
            stage.behave(all, "");
            Reconciliation jobs = stage.finish(drive);
            long refused = stage.shard().refused() - before;
            return new Verdict(
                    name(),
                    jobs.isGood() && jobs.extra() == 0 && refused == 0,
                    "%d descriptors more for %d ms; %s; failed %d".formatted(MORE, millis, Findings.of(jobs), refused));
        }
    }

    /** Sets how many files it may have open; what is open stays. */
    private static void limit(long pid, long files) throws IOException {
        ProcessBuilder prlimit = new ProcessBuilder("prlimit", "--pid", Long.toString(pid), "--nofile=" + files + ":");
        Process process = prlimit.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (process.onExit().join().exitValue() != 0) {
            throw new LoadException("prlimit of " + pid + " to " + files + " files: " + said);
        }
    }
}
