package io.posthaste.send;

import java.net.ConnectException;

/** Nothing was dialled: every address of the host is one the policy refuses. Names no address (SSRF-15). */
final class AddressNotPermittedException extends ConnectException {
    AddressNotPermittedException() {
        super("address_not_permitted");
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
