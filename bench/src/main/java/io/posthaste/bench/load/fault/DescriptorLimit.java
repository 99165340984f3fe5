package io.posthaste.bench.load.fault;

import io.posthaste.bench.load.drive.Drive;
import io.posthaste.bench.load.drive.Reconciliation;
import io.posthaste.bench.load.process.LoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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
        List<Integer> all = IntStream.range(0, stage.actions()).boxed().toList();
        long before = stage.refused();
        try (Drive drive = stage.load()) {
            stage.pause(1_000, 1_500);
            stage.awaitCaughtUp(drive);
            String usual = limit(pid, "--output=SOFT", "--noheadings").strip();
            long open = openFiles(pid);
            limit(pid, "=" + (open + MORE) + ":");
            stage.behave(all, "delay:300");
            stage.pause(millis, millis);
            limit(pid, "=" + usual + ":");
            stage.behave(all, "");
            Reconciliation jobs = stage.finish(drive);
            long refused = stage.refused() - before;
            return new Verdict(
                    name(),
                    jobs.isGood() && jobs.extra() == 0 && refused == 0,
                    "%d descriptors more for %d ms; %s; failed %d".formatted(MORE, millis, Findings.of(jobs), refused));
        }
    }

    private static long openFiles(long pid) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return files.count();
        }
    }

    /** @param value as {@code prlimit} takes it behind {@code --nofile}, or options to ask with */
    private static String limit(long pid, String value, String... more) throws IOException {
        String nofile = value.startsWith("=") ? "--nofile" + value : "--nofile";
        Stream<String> asked = value.startsWith("=") ? Stream.of() : Stream.concat(Stream.of(value), Stream.of(more));
        List<String> command = Stream.concat(Stream.of("prlimit", "--pid", Long.toString(pid), nofile), asked)
                .toList();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new LoadException(String.join(" ", command) + ": " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoadException("interrupted", e);
        }
        return said;
    }
}
