package io.posthaste.redis;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.ProtocolKeyword;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One connection for one purpose; on a cluster one to each server that it has had commands for. */
interface Wire {

    /** For commands that name their keys: they go where the slot of the first one is. */
    RedisClusterAsyncCommands<byte[], byte[]> commands();

    /** Sends one, and once more when it could not leave because the connection to its server was still to be made. */
    CompletionStage<@Nullable Object> dispatch(ProtocolKeyword command, CommandArgs<byte[], byte[]> args);

    /** For commands that name none and are meant for the server where this key is. */
    CompletionStage<RedisClusterAsyncCommands<byte[], byte[]>> at(String key);

    CompletionStage<Void> closeAsync();
}
