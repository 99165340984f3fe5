package io.posthaste.queue;

import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.posthaste.redis.TreeOutput;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the text of a script and waits for its reply. */
public final class EvalReply {
    private EvalReply() {}

    public static Object of(
            StatefulRedisConnection<byte[], byte[]> connection, String text, String prefix, List<byte[]> arguments) {
        CommandArgs<byte[], byte[]> args = new CommandArgs<>(ByteArrayCodec.INSTANCE);
        args.add(text).add(1).add(prefix.getBytes(StandardCharsets.UTF_8));
        arguments.forEach(args::add);
        RedisFuture<Object> reply = connection.async().dispatch(CommandType.EVAL, new TreeOutput(), args);
        return LettuceFutures.awaitOrCancel(reply, 10, TimeUnit.SECONDS);
    }
}
