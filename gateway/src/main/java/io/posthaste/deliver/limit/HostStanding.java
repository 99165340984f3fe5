package io.posthaste.deliver.limit;

/**
 * A host as it stands with this process.
 *
 * @param limit attempts that may be in flight to it now
 */
public record HostStanding(String host, int inFlight, int limit, Trouble trouble) {
    /** What slows its deliveries, the worst last. */
    public enum Trouble {
        NONE,
        /** It has as many attempts in flight as it may. */
        FULL,
        /** It lost places, because it asked for less or did not answer, and has not got them back. */
        REDUCED,
        /** It does not answer. */
        SILENT
    }

    static HostStanding of(String name, HostState host, int limit) {
        Trouble trouble = host.failed()
                ? Trouble.SILENT
                : host.isInTrouble() ? Trouble.REDUCED : host.inFlight() >= limit ? Trouble.FULL : Trouble.NONE;
        return new HostStanding(name, host.inFlight(), limit, trouble);
    }
}
