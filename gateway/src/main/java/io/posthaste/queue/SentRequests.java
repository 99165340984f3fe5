package io.posthaste.queue;

import io.lettuce.core.protocol.CommandType;
import io.posthaste.job.RenderedRequest;
import io.posthaste.redis.RedisLink;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** What sent deliveries were sent as: blocks beside those of their history ({@code keepRequests} in settle.lua). */
record SentRequests(RedisLink link, String key, FrozenRequests requests) {
    private static final int HEAD = 9;

    /** Empty when it is not kept, or not any more. */
    Mono<RenderedRequest> find(History.Found found) {
        return element(0)
                .map(first -> found.block() - number(first))
                .filter(index -> index >= 0)
                .flatMap(this::element)
                .mapNotNull(block -> request(block, found));
    }

    private Mono<ByteBuffer> element(long index) {
        return Mono.fromCompletionStage(() -> link.send(CommandType.LINDEX, key, index))
                .mapNotNull(reply -> reply instanceof byte[] text && text.length >= HEAD && text[0] == 1
                        ? ByteBuffer.wrap(text)
                        : null);
    }

    private static long number(ByteBuffer block) {
        return (long) block.getDouble(1);
    }

    private @Nullable RenderedRequest request(ByteBuffer block, History.Found found) {
        if (number(block) != found.block()) {
            return null;
        }
        block.position(HEAD);
        for (int i = 0; i < found.record() && block.remaining() >= 4; i++) {
            Bytes.take(block, block.getInt());
        }
        byte[] kept = block.remaining() >= 4 ? Bytes.take(block, block.getInt()) : Bytes.EMPTY;
        return kept.length == 0 ? null : SentRequest.decode(found.delivery().id(), ByteBuffer.wrap(kept), requests);
    }
}
