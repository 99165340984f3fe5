package io.posthaste.http;

/** A configuration that would offer the API to the network without TLS (ADM-1). */
public final class UnsafeListenerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnsafeListenerException(String host) {
        super("admin.host: " + host
                + " is not a loopback address; listen on 127.0.0.1, or put a proxy with TLS in front"
                + " and say so with admin.behind-proxy");
    }
}
