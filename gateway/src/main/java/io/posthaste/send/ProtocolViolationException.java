package io.posthaste.send;

/** What came back is not one well-formed HTTP/1.1 response. */
final class ProtocolViolationException extends RuntimeException {
    ProtocolViolationException(String problem) {
        super(problem, null, false, false);
    }
}
