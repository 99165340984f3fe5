package io.posthaste.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandArgsAccessor;
import io.lettuce.core.protocol.ProtocolKeyword;
import io.lettuce.core.resource.ClientResources;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A Redis Cluster or Valkey Cluster. Which server has which slot is looked up again when one answers {@code MOVED}, when a
 * connection is lost or a command fails, and every 15 s: a primary that hangs says nothing, its place does.
 */
final class Cluster implements Servers {
    private static final Duration LOOK = Duration.ofSeconds(15);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    /** For one server to say where the slots are; a look asks twice, and a server that hangs holds it up so long each time. */
    private static final Duration ANSWER = Duration.ofSeconds(1);

    /** Of the first look, which may meet a busy machine. */
    private static final int FIRST_LOOKS = 3;
    /** {@code MOVED} and {@code ASK} that one command follows. */
    private static final int REDIRECTS = 5;

    /** How Lettuce refuses a command for a server to which it has no connection yet. */
    private static final String NOT_CONNECTED = "Currently not connected. Commands are rejected.";

    /** Of a command that did not leave. */
    private static final int TRIES = 3;

    private static final Executor SOON = CompletableFuture.delayedExecutor(10, TimeUnit.MILLISECONDS);

    private final RedisClusterClient client;
    private final LongSupplier nanoTime;
    private final AtomicLong looked;
    private final AtomicBoolean looking = new AtomicBoolean();

    /** @param nodes some of it: the others are found */
    Cluster(ClientResources resources, List<RedisURI> nodes, ClientOptions options, LongSupplier nanoTime) {
        this.client = RedisClusterClient.create(resources, nodes);
        this.nanoTime = nanoTime;
        this.looked = new AtomicLong(nanoTime.getAsLong());
        client.setOptions(ClusterClientOptions.builder(options)
                .socketOptions(options.getSocketOptions()
                        .mutate()
                        .connectTimeout(ANSWER)
                        .build())
                .maxRedirects(REDIRECTS)
                // A server that was just added may answer before the look that finds it.
                .validateClusterNodeMembership(false)
                .topologyRefreshOptions(ClusterTopologyRefreshOptions.builder()
                        .enablePeriodicRefresh(LOOK)
                        .adaptiveRefreshTriggersTimeout(LOOK_AGAIN)
                        .build())
                .build());
    }

    @Override
    public Wire connect() {
        for (int look = 1; ; look++) {
            try {
                return new Connection(client.connect(ByteArrayCodec.INSTANCE));
            } catch (RedisException unseen) {
                if (look == FIRST_LOOKS) {
                    throw unseen;
                }
            }
        }
    }

    @Override
    public CompletionStage<Wire> connectAsync() {
        return client.connectAsync(ByteArrayCodec.INSTANCE).thenApply(Connection::new);
    }

    @Override
    public List<ServerFacts> info() {
        try (StatefulRedisClusterConnection<byte[], byte[]> connection = client.connect(ByteArrayCodec.INSTANCE)) {
            return connection.getPartitions().stream()
                    .filter(Cluster::takesWrites)
                    .map(node -> ServerFacts.of(
                            node.getUri(),
                            connection.getConnection(node.getNodeId()).sync().info("everything")))
                    .toList();
        }
    }

    private static boolean takesWrites(RedisClusterNode node) {
        return node.getRole().isUpstream() && !node.getSlots().isEmpty();
    }

    /** Its servers are looked up anew, once a second at most. */
    @Override
    public void failed(Throwable failure) {
        long now = nanoTime.getAsLong();
        long last = looked.get();
        if (failure instanceof RedisException
                && now - last >= LOOK_AGAIN.toNanos()
                && looking.compareAndSet(false, true)) {
            looked.set(now);
            var unused = client.refreshPartitionsAsync().whenComplete((seen, failed) -> looking.set(false));
        }
    }

    @Override
    public boolean replacesConnections() {
        return false;
    }

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    }

    private record Connection(StatefulRedisClusterConnection<byte[], byte[]> connection) implements Wire {
        @Override
        public RedisClusterAsyncCommands<byte[], byte[]> commands() {
            return connection.async();
        }

        @Override
        public CompletionStage<@Nullable Object> dispatch(ProtocolKeyword command, CommandArgs<byte[], byte[]> args) {
            return dispatch(command, args, TRIES);
        }

        private CompletionStage<@Nullable Object> dispatch(
                ProtocolKeyword command, CommandArgs<byte[], byte[]> args, int tries) {
            return connection
                    .async()
                    .dispatch(command, new TreeOutput(), args)
                    .exceptionallyCompose(failure -> tries == 1 || !isUnsent(failure)
                            ? CompletableFuture.failedFuture(failure)
                            : again(command, args, tries - 1));
        }

        /** Once its server is connected; when it was sent elsewhere, that server has a moment to be. */
        private CompletionStage<@Nullable Object> again(
                ProtocolKeyword command, CommandArgs<byte[], byte[]> args, int tries) {
            ByteBuffer key = CommandArgsAccessor.encodeFirstKey(args);
            CompletionStage<?> connected =
                    key == null ? CompletableFuture.completedFuture(null) : serverOf(SlotHash.getSlot(key));
            return connected.thenComposeAsync(ready -> dispatch(command, args, tries), SOON);
        }

        /** The connection to its server is only being made, or made again: nothing of it has left. */
        private static boolean isUnsent(Throwable failure) {
            return failure instanceof RedisException && NOT_CONNECTED.equals(failure.getMessage());
        }

        @Override
        public CompletionStage<RedisClusterAsyncCommands<byte[], byte[]>> at(String key) {
            return serverOf(SlotHash.getSlot(key.getBytes(StandardCharsets.UTF_8)));
        }

        private CompletionStage<RedisClusterAsyncCommands<byte[], byte[]>> serverOf(int slot) {
            RedisClusterNode node = connection.getPartitions().getPartitionBySlot(slot);
            // By its address: commands that are sent by their slot use the same connection.
            return node == null
                    ? CompletableFuture.failedFuture(new RedisException("no server has slot " + slot))
                    : connection
                            .getConnectionAsync(
                                    node.getUri().getHost(), node.getUri().getPort())
                            .thenApply(StatefulRedisConnection::async);
        }

        @Override
        public CompletionStage<Void> closeAsync() {
            return connection.closeAsync();
        }
    }
}
