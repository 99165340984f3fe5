package io.posthaste.send.peer;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What connections to one host were like. Times are epoch milliseconds.
 *
 * @param dials connections that were made since it is known
 * @param failures those that could not be
 * @param protocol what was agreed on last, such as {@code HTTP/1.1}; empty before the first
 * @param addresses dialled last, the latest first; with a proxy its own
 * @param certificate shown last, even where it was refused; null without TLS
 */
public record Peer(
        long dials,
        long failures,
        String protocol,
        List<Dialled> addresses,
        @Nullable Certificate certificate) {
    /** Addresses that are remembered. */
    static final int MOST_ADDRESSES = 4;

    public static final Peer UNKNOWN = new Peer(0, 0, "", List.of(), null);

    /** @param address with its port */
    public record Dialled(String address, long at) {}

    Peer dialled(String address, long at) {
        List<Dialled> latest = Stream.concat(
                        Stream.of(new Dialled(address, at)),
                        addresses.stream().filter(known -> !known.address().equals(address)))
                .limit(MOST_ADDRESSES)
                .toList();
        return new Peer(dials, failures, protocol, latest, certificate);
    }

    Peer connected() {
        return new Peer(dials + 1, failures, protocol, addresses, certificate);
    }

    Peer failed() {
        return new Peer(dials, failures + 1, protocol, addresses, certificate);
    }

    Peer speaks(String agreed) {
        return new Peer(dials, failures, agreed, addresses, certificate);
    }

    Peer with(Certificate shown) {
        return new Peer(dials, failures, protocol, addresses, shown);
    }
}
