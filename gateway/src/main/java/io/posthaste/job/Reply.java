package io.posthaste.job;

import java.util.List;

/** What came of one attempt on the wire, before anyone judged it. */
public sealed interface Reply {
    /** From the start of connecting to the last byte read, in milliseconds. */
    long elapsedMillis();

    /** How it went on its way. */
    Trip trip();

    /**
     * The receiver answered with a complete response.
     *
     * @param status 200 to 599
     * @param headers in order, as received
     * @param body the first bytes of the body, up to the cap; never modified after construction
     * @param truncated whether the body was longer than the cap
     */
    record Answered(int status, List<Header> headers, byte[] body, boolean truncated, long elapsedMillis, Trip trip)
            implements Reply {
        /** Nobody knows how it went. */
        public Answered(int status, List<Header> headers, byte[] body, boolean truncated, long elapsedMillis) {
            this(status, headers, body, truncated, elapsedMillis, Trip.NONE);
        }
    }

    /**
     * No complete answer.
     *
     * @param cause the kind of trouble
     * @param detail one line for people, without resolved addresses, secrets or bodies
     */
    record NoAnswer(NoAnswerCause cause, String detail, long elapsedMillis, Trip trip) implements Reply {
        /** Nothing went out, or nobody knows how. */
        public NoAnswer(NoAnswerCause cause, String detail, long elapsedMillis) {
            this(cause, detail, elapsedMillis, Trip.NONE);
        }
    }
}
