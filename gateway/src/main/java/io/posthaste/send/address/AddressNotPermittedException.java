package io.posthaste.send.address;

import java.net.ConnectException;

/** Nothing was dialled: every address of the host is one the policy refuses. Names no address (SSRF-15). */
public final class AddressNotPermittedException extends ConnectException {
    public AddressNotPermittedException() {
        super("address_not_permitted");
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
