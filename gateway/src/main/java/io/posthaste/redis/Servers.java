package io.posthaste.redis;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** Where commands go: to one server, or to those of a cluster. */
sealed interface Servers permits OneServer, Cluster {

    /** A new connection. Blocks. */
    Wire connect();

    CompletionStage<Wire> connectAsync();

    /** What {@code INFO everything} says of every server that takes writes. Blocks. */
    List<ServerFacts> info();

    /** A command failed: a cluster may have other primaries by now. */
    void failed(Throwable failure);

    /** Whether a connection whose commands time out again and again is replaced, or the servers are looked up anew. */
    boolean replacesConnections();

    void close();
}
