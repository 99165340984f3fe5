package io.posthaste.queue;

import io.lettuce.core.protocol.CommandType;
import io.posthaste.queue.record.SentRequest;
import io.posthaste.redis.RedisKeys;
import io.posthaste.redis.RedisLink;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Writes what the deliveries of one settlement were sent as, before the script that settles them. The script only gives
 * the block its number: bytes that do not pass through a script cost Redis a fraction of those that do.
 */
public final class SentRequestWriter {
    /** The script is the next command: a block that waits longer for its number was left behind. */
    private static final int UNNUMBERED_SECONDS = 60;

    private final RedisLink link;
    private final RedisKeys keys;
    private final String process;
    private final AtomicLong blocks = new AtomicLong();

    /**
     * @param link the connection that the script follows on
     * @param random tells the blocks of this process from those of others
     */
    SentRequestWriter(RedisLink link, RedisKeys keys, RandomGenerator random) {
        this.link = link;
        this.keys = keys;
        this.process = Long.toHexString(random.nextLong());
    }

    /**
     * @param requests each as {@link SentRequest} encodes it
     * @return the block's name until it has a number; empty when there was nothing to write
     */
    String write(List<byte[]> requests) {
        byte[] block = join(requests);
        if (block.length == 0) {
            return "";
        }
        String name = "new-" + process + "-" + blocks.incrementAndGet();
        // A full Redis refuses it: the script finds no block then, and settles the deliveries all the same.
        link.send(CommandType.SET, keys.requests(name), block, "EX", UNNUMBERED_SECONDS);
        return name;
    }

    static byte[] join(List<byte[]> parts) {
        ByteBuffer all =
                ByteBuffer.allocate(parts.stream().mapToInt(part -> part.length).sum());
        parts.forEach(all::put);
        return all.array();
    }
}
