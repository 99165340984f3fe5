package io.posthaste.queue.browse;

import io.lettuce.core.protocol.CommandType;
import io.posthaste.job.Delivery;
import io.posthaste.queue.record.Bytes;
import io.posthaste.queue.record.HistoryRecord;
import io.posthaste.redis.RedisLink;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Ended deliveries, in blocks of one script call each ({@code remember} in history.lua). There is no index: keeping one
 * would cost every delivery what a look-up costs only whoever looks. So a look-up reads blocks, newest first.
 */
public record History(RedisLink link, String key) {
    private static final int HEAD = 25;
    /** Blocks of at most 256 records: what one reply of some 400 KiB holds. */
    private static final int BLOCKS = 16;

    private static final int MOST_BLOCKS = 512;

    /** @param number counts blocks from 0 since the keyspace was created */
    public record Block(long number, long endedAtMillis, List<ByteBuffer> records) {}

    /**
     * An ended delivery and where its record is.
     *
     * @param record counts the records of the block from 0
     */
    record Found(Delivery delivery, long block, int record) {}

    Mono<Found> find(String id) {
        return newest(BLOCKS)
                .expand(blocks -> older(blocks, BLOCKS * 2))
                .mapNotNull(blocks -> search(blocks, Bytes.of(id)))
                .next();
    }

    /** The newest blocks, oldest of them first. */
    Mono<List<Block>> newest(int count) {
        return range(-count, -1);
    }

    /** The blocks before this number, oldest first. */
    Mono<List<Block>> before(long number, int count) {
        return Mono.fromCompletionStage(() -> link.send(CommandType.LINDEX, key, 0))
                .map(head -> index(head, number))
                .flatMap(index -> index <= 0 ? Mono.just(List.of()) : range(Math.max(0, index - count), index - 1));
    }

    private Mono<List<Block>> older(List<Block> blocks, int count) {
        // Small blocks are read in greater number: what counts is the length of a reply.
        int records = blocks.stream().mapToInt(block -> block.records().size()).sum();
        int next = Math.min(MOST_BLOCKS, Math.max(count, 2_048 / Math.max(1, records / Math.max(1, blocks.size()))));
        return blocks.isEmpty() ? Mono.empty() : before(blocks.getFirst().number(), next);
    }

    private static long index(Object head, long number) {
        return head instanceof byte[] text && text.length >= HEAD
                ? number - (long) ByteBuffer.wrap(text).getDouble(1)
                : 0;
    }

    private Mono<List<Block>> range(long first, long last) {
        return Mono.fromCompletionStage(() -> link.send(CommandType.LRANGE, key, first, last))
                .map(reply -> blocks((Object[]) reply));
    }

    private static List<Block> blocks(@Nullable Object[] reply) {
        List<Block> blocks = new ArrayList<>(reply.length);
        for (Object text : reply) {
            if (text instanceof byte[] bytes && bytes.length >= HEAD && bytes[0] == 1) {
                blocks.add(block(ByteBuffer.wrap(bytes)));
            }
        }
        return blocks;
    }

    /** One element of the list. */
    public static Block block(ByteBuffer in) {
        long number = (long) in.getDouble(1);
        long ended = (long) in.getDouble(17);
        in.position(HEAD);
        List<ByteBuffer> records = new ArrayList<>();
        while (in.remaining() >= 2) {
            int length = Math.min(in.getShort() & 0xFFFF, in.remaining());
            records.add(in.slice(in.position(), length));
            in.position(in.position() + length);
        }
        return new Block(number, ended, records);
    }

    private static @Nullable Found search(List<Block> blocks, byte[] id) {
        ByteBuffer wanted =
                ByteBuffer.allocate(1 + id.length).put((byte) id.length).put(id).flip();
        for (Block block : blocks.reversed()) {
            for (int i = block.records().size() - 1; i >= 0; i--) {
                ByteBuffer record = block.records().get(i);
                boolean named = record.remaining() >= wanted.remaining()
                        && record.slice(0, wanted.remaining()).equals(wanted);
                Delivery delivery = named ? HistoryRecord.decode(record.duplicate(), block.endedAtMillis()) : null;
                if (delivery != null) {
                    return new Found(delivery, block.number(), i);
                }
            }
        }
        return null;
    }
}
