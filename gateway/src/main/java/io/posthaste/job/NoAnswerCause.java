package io.posthaste.job;

/** Why an attempt brought no complete answer. */
public enum NoAnswerCause {
    /** No usable address for the host name. */
    DNS(true),
    /** Connection refused or unreachable. */
    CONNECT(true),
    /** TLS handshake failed for a reason other than the certificate. */
    TLS(true),
    /** The receiver's certificate does not verify (M58). */
    CERTIFICATE(false),
    /** No access token for the receiver: the token endpoint did not give one. */
    TOKEN(true),
    /** The proxy could not be reached, or did not connect. */
    PROXY(true),
    /** Not finished within the attempt's total deadline (M55). */
    TIMEOUT(true),
    /** The connection ended before the answer was complete. */
    RESET(true),
    /** This gateway stopped before the answer came: no fault of the receiver's, and nobody knows whether it acted. */
    STOPPED(true),
    /** This process could not open a connection, because it has no file descriptor left: nothing was sent. */
    NO_DESCRIPTOR(true),
    /** What came back is not one well-formed HTTP response. */
    PROTOCOL(true),
    /** The address is not one this gateway may dial (SSRF-1 to SSRF-4). */
    ADDRESS_NOT_PERMITTED(false),
    /** URL, header or body cannot be sent as rendered (M12, M19, M31). */
    INVALID_REQUEST(false);

    private final boolean retryable;

    NoAnswerCause(boolean retryable) {
        this.retryable = retryable;
    }

    /** Whether another attempt may end differently (M57, M58). */
    public boolean isRetryable() {
        return retryable;
    }
}
