package io.posthaste.queue.browse;

import io.lettuce.core.protocol.CommandType;
import io.posthaste.job.RenderedRequest;
import io.posthaste.queue.SentRequestWriter;
import io.posthaste.queue.record.FrozenRequests;
import io.posthaste.queue.record.SentRequest;
import io.posthaste.redis.RedisKeys;
import io.posthaste.redis.RedisLink;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** What sent deliveries were sent as: blocks beside those of their history, as {@link SentRequestWriter} writes them. */
record SentRequests(RedisLink link, RedisKeys keys, FrozenRequests requests) {
    /** Empty when it is not kept, or not any more. */
    Mono<RenderedRequest> find(History.Found found) {
        return Mono.fromCompletionStage(() -> link.send(CommandType.GET, keys.requests("" + found.block())))
                .mapNotNull(block -> request(block, found.delivery().id()));
    }

    private @Nullable RenderedRequest request(@Nullable Object block, String id) {
        return block instanceof byte[] text ? SentRequest.find(id, ByteBuffer.wrap(text), requests) : null;
    }
}
