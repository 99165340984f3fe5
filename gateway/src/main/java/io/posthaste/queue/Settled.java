package io.posthaste.queue;

/** What came of settling a lease. */
public enum Settled {
    /** Recorded. */
    APPLIED,
    /** The lease is no longer the caller's; nothing changed. Only {@code Delivered} is accepted late. */
    IGNORED,
    /**
     * Somebody changed the person since their update was made. Nothing changed, and the lease is the caller's as
     * before: to be made anew from the person as they are now, and settled again.
     */
    OUTDATED
}
