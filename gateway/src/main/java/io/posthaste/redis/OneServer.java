package io.posthaste.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.ProtocolKeyword;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A single Redis. */
final class OneServer implements Servers {
    private final RedisClient client;
    private final RedisURI uri;

    OneServer(ClientResources resources, RedisURI uri, ClientOptions options) {
        this.client = RedisClient.create(resources, uri);
        this.uri = uri;
        client.setOptions(options);
    }

    @Override
    public Wire connect() {
        return new Connection(client.connect(ByteArrayCodec.INSTANCE, uri));
    }

    @Override
    public CompletionStage<Wire> connectAsync() {
        return client.connectAsync(ByteArrayCodec.INSTANCE, uri).thenApply(Connection::new);
    }

    @Override
    public List<ServerFacts> info() {
        try (StatefulRedisConnection<byte[], byte[]> connection = client.connect(ByteArrayCodec.INSTANCE, uri)) {
            return List.of(ServerFacts.of(uri, connection.sync().info("everything")));
        }
    }

    /** Whether it runs in cluster mode: some services name one address for all of theirs. */
    boolean isPartOfCluster() {
        try {
            return info().getFirst().number("cluster_enabled") == 1;
        } catch (RedisCommandExecutionException refused) {
            // A user that may not ask for INFO: what it is shows when it is used.
            return false;
        }
    }

    @Override
    public void failed(Throwable failure) {
        // There is no other to look for.
    }

    @Override
    public boolean replacesConnections() {
        return true;
    }

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    }

    private record Connection(StatefulRedisConnection<byte[], byte[]> connection) implements Wire {
        @Override
        public RedisClusterAsyncCommands<byte[], byte[]> commands() {
            return connection.async();
        }

        @Override
        public CompletionStage<@Nullable Object> dispatch(ProtocolKeyword command, CommandArgs<byte[], byte[]> args) {
            return connection.async().dispatch(command, new TreeOutput(), args);
        }

        @Override
        public CompletionStage<RedisClusterAsyncCommands<byte[], byte[]>> at(String key) {
            return CompletableFuture.completedFuture(connection.async());
        }

        @Override
        public CompletionStage<Void> closeAsync() {
            return connection.closeAsync();
        }
    }
}
