package io.posthaste.testing;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.posthaste.redis.RedisConnections;
import java.time.Duration;

/** A Redis with the connections of one gateway, of another if a test has two, and plain commands beside them. */
public final class ConnectedRedis implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final RedisServer server = RedisServer.start();
    private final RedisClient client = RedisClient.create(server.uri());

    public final RedisCommands<String, String> commands = client.connect().sync();
    public final RedisConnections connections = RedisConnections.open(server.uri(), PATIENCE);
    public final RedisConnections others = RedisConnections.open(server.uri(), PATIENCE);

    public String uri() {
        return server.uri();
    }

    @Override
    public void close() {
        connections.close();
        others.close();
        client.shutdown();
        server.close();
    }
}
