package io.posthaste.doctor;

/**
 * What one check found.
 *
 * @param check what was looked at
 * @param found one line for people
 * @param fix what to do, empty when nothing is to be done
 */
public record Finding(String check, Level level, String found, String fix) {
    /** How bad it is; the order is that of exit codes. */
    public enum Level {
        OK,
        WARNING,
        BROKEN
    }

    static Finding ok(String check, String found) {
        return new Finding(check, Level.OK, found, "");
    }

    static Finding warning(String check, String found, String fix) {
        return new Finding(check, Level.WARNING, found, fix);
    }

    static Finding broken(String check, String found, String fix) {
        return new Finding(check, Level.BROKEN, found, fix);
    }
}
