package io.posthaste.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.ProtocolKeyword;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to Redis, for one purpose. It reconnects by itself; commands that meet a lost connection fail and
 * are never replayed, because only their sender knows whether to repeat them.
 */
public final class RedisLink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);

    /** A peer that hangs keeps its socket open for minutes: after so many time-outs in a row the connection is replaced. */
    private static final int PATIENCE = 3;

    private final RedisClient client;
    private final RedisURI uri;
    private final CommandTimer timer;
    private final AtomicInteger timeouts = new AtomicInteger();
    private final AtomicBoolean replacing = new AtomicBoolean();
    private volatile StatefulRedisConnection<byte[], byte[]> connection;
    private volatile boolean closed;

    RedisLink(RedisClient client, RedisURI uri, CommandTimer timer) {
        this.client = client;
        this.uri = uri;
        this.timer = timer;
        this.connection = client.connect(ByteArrayCodec.INSTANCE, uri);
    }

    /** For typed commands. Take it anew for each use: the connection under it may be replaced. */
    public StatefulRedisConnection<byte[], byte[]> connection() {
        return connection;
    }

    /** Sends one command; the reply comes on the connection's event loop. */
    public <T extends @Nullable Object> CompletionStage<T> send(
            ProtocolKeyword command, CommandOutput<byte[], byte[], T> output, CommandArgs<byte[], byte[]> args) {
        return send(command.toString(), command, output, args);
    }

    /** @param name what its time is counted under */
    <T extends @Nullable Object> CompletionStage<T> send(
            String name,
            ProtocolKeyword command,
            CommandOutput<byte[], byte[], T> output,
            CommandArgs<byte[], byte[]> args) {
        Runnable answered = timer.start(name);
        CompletionStage<T> reply;
        try {
            reply = connection.async().dispatch(command, output, args);
        } catch (RuntimeException refused) {
            return CompletableFuture.failedFuture(refused);
        }
        return reply.whenComplete((value, failure) -> {
            answered.run();
            watch(failure);
        });
    }

    /** Any command, its reply as a tree of {@code Object[]}, {@code byte[]}, {@code Long} and null. */
    public CompletionStage<@Nullable Object> send(ProtocolKeyword command, Object... arguments) {
        return send(command, new TreeOutput(), args(arguments));
    }

    private static CommandArgs<byte[], byte[]> args(Object... arguments) {
        CommandArgs<byte[], byte[]> args = new CommandArgs<>(ByteArrayCodec.INSTANCE);
        for (Object argument : arguments) {
            args.add(
                    argument instanceof byte[] bytes
                            ? bytes
                            : argument.toString().getBytes(StandardCharsets.UTF_8));
        }
        return args;
    }

    private void watch(@Nullable Throwable failure) {
        if (!(failure instanceof RedisCommandTimeoutException)) {
            timeouts.set(0);
        } else if (timeouts.incrementAndGet() >= PATIENCE && !closed && replacing.compareAndSet(false, true)) {
            LOG.atWarn().addKeyValue("timeouts", PATIENCE).log("redis.connection.replaced");
            var unused =
                    client.connectAsync(ByteArrayCodec.INSTANCE, uri).whenComplete((fresh, refused) -> replace(fresh));
        }
    }

    private void replace(@Nullable StatefulRedisConnection<byte[], byte[]> fresh) {
        if (fresh != null) {
            StatefulRedisConnection<byte[], byte[]> old = connection;
            connection = fresh;
            timeouts.set(0);
            var unused = old.closeAsync();
        }
        replacing.set(false);
        if (closed) {
            var unused = connection.closeAsync();
        }
    }

    @Override
    public void close() {
        closed = true;
        connection.close();
    }
}
