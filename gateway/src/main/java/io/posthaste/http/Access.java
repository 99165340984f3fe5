package io.posthaste.http;

/** What a caller may do; each includes those before it (ADM-2). */
public enum Access {
    /** Nothing but what is open to all. */
    OPEN,
    /** Looks at everything; secrets are masked. */
    READ,
    /** Enqueues, cancels, sends again, pauses. */
    OPERATE,
    /** Decides what is sent, and where to. */
    ADMIN;

    public boolean includes(Access needed) {
        return compareTo(needed) >= 0;
    }
}
