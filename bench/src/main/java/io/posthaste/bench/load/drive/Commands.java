package io.posthaste.bench.load.drive;

/** The commands that enqueue the jobs of a run, each by the job's number. */
public interface Commands {
    /** Writes the job's command at {@code at}; the position after it, or -1 if it does not fit. */
    int write(int number, long dueMillis, byte[] out, int at);
}
