package io.posthaste.job;

/**
 * A secret as templates get it.
 *
 * @param hosts where it may go; none for wherever the action may send its secrets
 */
public record Secret(String name, String value, HostPatterns hosts) {
    @Override
    public String toString() {
        return "Secret[" + name + "]";
    }
}
