package io.posthaste.redis;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Asks the server that holds a shard what {@code INFO} does not say. Blocks, for seconds at most. */
public final class ServerProbe {
    private static final long PATIENCE_SECONDS = 5;

    private final RedisLink link;
    private final String key;

    /** @param shard its tag */
    public ServerProbe(RedisConnections redis, String shard) {
        this.link = redis.admin();
        this.key = new RedisKeys(shard).meta();
    }

    /** There and back again. */
    public void ping() {
        ask(CommandType.EXISTS, key);
    }

    /** Epoch milliseconds, on its clock. */
    public long timeMillis() {
        Object reply = ask(CommandType.TIME);
        if (reply instanceof Object[] parts
                && parts[0] instanceof byte[] seconds
                && parts[1] instanceof byte[] micros) {
            return Long.parseLong(text(seconds)) * 1_000 + Long.parseLong(text(micros)) / 1_000;
        }
        throw new IllegalStateException("TIME answered nothing");
    }

    /** As {@code appendfsync} says. */
    public String fsyncPolicy() {
        Object reply = ask(CommandType.CONFIG, "GET", "appendfsync");
        return reply instanceof Object[] pair && pair.length > 1 && pair[1] instanceof byte[] value ? text(value) : "?";
    }

    /** Consumer groups of a stream to how many entries each has still to read; those of which nobody knows are left out. */
    public Map<String, Long> groups(String stream) {
        Map<String, Long> groups = new HashMap<>();
        Object reply = ask(CommandType.EXISTS, stream);
        if (Long.valueOf(1).equals(reply) && ask(CommandType.XINFO, "GROUPS", stream) instanceof Object[] all) {
            for (Object group : all) {
                read(group, groups);
            }
        }
        return groups;
    }

    private static void read(@Nullable Object group, Map<String, Long> into) {
        String name = "";
        Long lag = null;
        @Nullable Object[] fields = group instanceof Object[] list ? list : new Object[0];
        for (int i = 0; i + 1 < fields.length; i += 2) {
            String field = fields[i] instanceof byte[] text ? text(text) : "";
            if (field.equals("name") && fields[i + 1] instanceof byte[] text) {
                name = text(text);
            } else if (field.equals("lag") && fields[i + 1] instanceof Long number) {
                lag = number;
            }
        }
        if (lag != null) {
            into.put(name, lag);
        }
    }

    private @Nullable Object ask(CommandType command, String... arguments) {
        CommandArgs<byte[], byte[]> args = new CommandArgs<>(ByteArrayCodec.INSTANCE);
        for (String argument : arguments) {
            args.add(argument);
        }
        return link.at(key, command.toString(), server -> server.dispatch(command, new TreeOutput(), args))
                .toCompletableFuture()
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
