package io.posthaste.redis;

/** Told when a command or script leaves and when its reply, or its failure, has come. */
@FunctionalInterface
public interface CommandTimer {
    /** For those who do not want to know. */
    CommandTimer NONE = command -> () -> {};

    /**
     * @param command a script's name or a command's: few different ones
     * @return run once, at the end
     */
    Runnable start(String command);
}
