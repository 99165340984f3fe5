package io.posthaste.redis;

import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolKeyword;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to Redis, for one purpose; on a cluster one to each of its servers. It reconnects by itself; commands that
 * meet a lost connection fail and are never replayed, because only their sender knows whether to repeat them.
 */
public final class RedisLink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);

    /** A peer that hangs keeps its socket open for minutes: after so many time-outs in a row the connection is replaced. */
    private static final int PATIENCE = 3;

    private final Servers servers;
    private final CommandTimer timer;
    private final AtomicInteger timeouts = new AtomicInteger();
    private final AtomicBoolean replacing = new AtomicBoolean();
    private volatile Wire wire;
    private volatile boolean closed;

    RedisLink(Servers servers, CommandTimer timer) {
        this.servers = servers;
        this.timer = timer;
        this.wire = servers.connect();
    }

    /** For typed commands. Take it anew for each use: the connection under it may be replaced. */
    public RedisClusterAsyncCommands<byte[], byte[]> commands() {
        return wire.commands();
    }

    /**
     * Sends one command, to where its first key is; the reply comes on the connection's event loop, as {@link TreeOutput}
     * builds it.
     *
     * @param name what its time is counted under
     */
    CompletionStage<@Nullable Object> send(String name, ProtocolKeyword command, CommandArgs<byte[], byte[]> args) {
        return watched(name, () -> wire.dispatch(command, args));
    }

    private CompletionStage<@Nullable Object> watched(
            String name, Supplier<CompletionStage<@Nullable Object>> command) {
        Runnable answered = timer.start(name);
        CompletionStage<@Nullable Object> reply;
        try {
            reply = command.get();
        } catch (RuntimeException refused) {
            reply = CompletableFuture.failedFuture(refused);
        }
        return reply.whenComplete((value, failure) -> {
            answered.run();
            watch(failure == null ? null : cause(failure));
        });
    }

    /** Any command whose first argument is its key; its reply a tree of {@code Object[]}, {@code byte[]}, {@code Long} and null. */
    public CompletionStage<@Nullable Object> send(ProtocolKeyword command, String key, Object... more) {
        CommandArgs<byte[], byte[]> args = new CommandArgs<>(ByteArrayCodec.INSTANCE);
        args.addKey(key.getBytes(StandardCharsets.UTF_8));
        return send(command.toString(), command, addAll(args, more));
    }

    /** The next keys like this pattern, of all that are where {@code beside} is: {@code SCAN}. */
    public CompletionStage<@Nullable Object> scan(String beside, String cursor, String pattern, int count) {
        CommandArgs<byte[], byte[]> args =
                addAll(new CommandArgs<>(ByteArrayCodec.INSTANCE), cursor, "MATCH", pattern, "COUNT", count);
        return at(beside, "SCAN", server -> server.dispatch(CommandType.SCAN, new TreeOutput(), args));
    }

    /** What is done with the connection to the server where this key is; nothing of it is redirected. */
    CompletionStage<@Nullable Object> at(
            String key,
            String name,
            Function<RedisClusterAsyncCommands<byte[], byte[]>, CompletionStage<@Nullable Object>> use) {
        return watched(name, () -> wire.at(key).thenCompose(use));
    }

    /** Ends when the stream has an entry after this one, or after so long: {@code XREAD BLOCK}. */
    public CompletionStage<@Nullable Object> awaitEntry(String stream, String after, long millis) {
        CommandArgs<byte[], byte[]> args =
                addAll(new CommandArgs<>(ByteArrayCodec.INSTANCE), "COUNT", 1, "BLOCK", millis, "STREAMS");
        args.addKey(stream.getBytes(StandardCharsets.UTF_8));
        return send("XREAD", CommandType.XREAD, addAll(args, after));
    }

    static CommandArgs<byte[], byte[]> addAll(CommandArgs<byte[], byte[]> args, Object... arguments) {
        for (Object argument : arguments) {
            args.add(
                    argument instanceof byte[] bytes
                            ? bytes
                            : argument.toString().getBytes(StandardCharsets.UTF_8));
        }
        return args;
    }

    /** What failed, without what stages that depend on it wrap it in. */
    static Throwable cause(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }

    private void watch(@Nullable Throwable failure) {
        if (failure != null) {
            servers.failed(failure);
        }
        if (!(failure instanceof RedisCommandTimeoutException)) {
            timeouts.set(0);
        } else if (servers.replacesConnections()
                && timeouts.incrementAndGet() >= PATIENCE
                && !closed
                && replacing.compareAndSet(false, true)) {
            LOG.atWarn().addKeyValue("timeouts", PATIENCE).log("redis.connection.replaced");
            var unused = servers.connectAsync().whenComplete((fresh, refused) -> replace(fresh));
        }
    }

    private void replace(@Nullable Wire fresh) {
        if (fresh != null) {
            Wire old = wire;
            wire = fresh;
            timeouts.set(0);
            var unused = old.closeAsync();
        }
        replacing.set(false);
        if (closed) {
            var unused = wire.closeAsync();
        }
    }

    @Override
    public void close() {
        closed = true;
        wire.closeAsync().toCompletableFuture().join();
    }
}
