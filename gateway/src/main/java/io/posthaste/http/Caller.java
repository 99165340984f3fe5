package io.posthaste.http;

/**
 * Who is calling.
 *
 * @param name of the token, for the audit log
 */
record Caller(String name, Access access) {
    /** Brings no token that is ours. */
    static final Caller NOBODY = new Caller("nobody", Access.OPEN);
}
