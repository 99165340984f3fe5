package io.posthaste.job;

import java.util.List;

/**
 * An attempt on the wire: where it went, how long each part of it took, and the headers that went out. Times are milliseconds,
 * -1 for what it did not come to.
 *
 * @param address that was dialled, a proxy's if there is one, with its port; empty when none was
 * @param reused whether the connection had served before: nothing was dialled then
 * @param waitMillis until it was dialled, with the look-up of its name; of a connection that was reused until that was free
 * @param connectMillis for the connection
 * @param tlsMillis for the handshake
 * @param firstByteMillis from the connection that was ready to the first byte of an answer
 * @param sent headers as they went out; empty when nothing did
 */
public record Trip(
        String address,
        boolean reused,
        long waitMillis,
        long connectMillis,
        long tlsMillis,
        long firstByteMillis,
        List<Header> sent) {
    /** Nothing was dialled. */
    public static final Trip NONE = new Trip("", false, -1, -1, -1, -1, List.of());

    /** The same with these headers. */
    public Trip with(List<Header> headers) {
        return new Trip(address, reused, waitMillis, connectMillis, tlsMillis, firstByteMillis, headers);
    }
}
