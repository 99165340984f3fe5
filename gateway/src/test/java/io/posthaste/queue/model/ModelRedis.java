package io.posthaste.queue.model;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.posthaste.testing.RedisServer;
import java.time.Duration;

/** An empty Redis and two connections to it, which a crash renews. */
final class ModelRedis implements AutoCloseable {
    private final RedisServer server;
    private final RedisClient client;
    private StatefulRedisConnection<byte[], byte[]> bytes;
    private StatefulRedisConnection<String, String> texts;

    ModelRedis(RedisServer server) {
        this.server = server;
        this.client = RedisClient.create(server.uri());
        this.bytes = client.connect(ByteArrayCodec.INSTANCE);
        this.texts = client.connect();
        texts().flushall();
    }

    StatefulRedisConnection<byte[], byte[]> bytes() {
        return bytes;
    }

    RedisCommands<String, String> texts() {
        return texts.sync();
    }

    /** {@code kill -9} and start. */
    void crash() {
        bytes.close();
        texts.close();
        server.restart();
        bytes = client.connect(ByteArrayCodec.INSTANCE);
        texts = client.connect();
    }

    @Override
    public void close() {
        bytes.close();
        texts.close();
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
    }
}
