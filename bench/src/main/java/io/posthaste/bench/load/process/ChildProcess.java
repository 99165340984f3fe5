package io.posthaste.bench.load.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One process started by the load test; dies with it, at the latest. Its output is appended to a file. */
public final class ChildProcess {
    /** The JVM's own when it exits by a signal after its shutdown hooks; a gateway may also say 0. */
    private static final int EXIT_BY_SIGTERM = 143;

    private final String name;
    private final Process process;
    private final Path log;

    private ChildProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    /** Starts {@code command} in {@code directory}, with these variables added to the environment. */
    public static ChildProcess start(String name, List<String> command, Path directory, Map<String, String> variables) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().putAll(variables);
        Path log = directory.resolve(name + ".log");
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        try {
            return new ChildProcess(name, builder.start(), log);
        } catch (IOException e) {
            throw new LoadException("cannot start " + name + ": " + e.getMessage(), e);
        }
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** {@code kill -9}; returns when the process is gone. */
    public void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** SIGTERM; the exit code, or a complaint when it takes longer than {@code seconds}. */
    public int terminate(int seconds) {
        process.destroy();
        try {
            if (process.waitFor(seconds, TimeUnit.SECONDS)) {
                return process.exitValue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        kill();
        throw new LoadException(name + " did not stop within " + seconds + " s of SIGTERM" + lastWords());
    }

    /** Whether a process that got SIGTERM ended by that, after what it does at its end, and by nothing else. */
    public static boolean isOrderly(int exit) {
        return exit == 0 || exit == EXIT_BY_SIGTERM;
    }

    /** Sends a signal by name, such as STOP or CONT. */
    public void signal(String signal) {
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new LoadException("cannot signal " + name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Closing its input is how a receiver is told to go. */
    public void closeInput() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            kill();
        }
    }

    /** All it has printed so far. */
    public String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return "";
        }
    }

    /** The last lines it printed, as the end of an error message. */
    public String lastWords() {
        List<String> lines = output().lines().toList();
        List<String> last = lines.subList(Math.max(0, lines.size() - 15), lines.size());
        return "; the last lines of " + log + ":\n  " + String.join("\n  ", last);
    }
}
