package io.posthaste.redis;

import io.lettuce.core.cluster.SlotHash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.zip.CRC32;

/**
 * The shards of a keyspace, in order. What has an id, a job or a person, belongs to the one that {@code crc32(id) mod
 * shards} names; a job is right on any other, too.
 */
public record Shards(List<RedisKeys> all) {
    /** What a keyspace is made with on a single Redis. */
    public static final Shards ONE = new Shards(List.of(new RedisKeys("0")));

    /** Of a keyspace: each is a claim now and then, and a few connections. */
    public static final int MOST = 1_024;

    public Shards {
        all = List.copyOf(all);
    }

    /**
     * So many, with tags whose slots lie evenly over all: shard {@code i} of {@code n} is in the {@code i}-th of {@code n}
     * equal parts, so that however the slots are dealt to servers, in ranges, each has its share of shards.
     */
    static Shards spread(int count) {
        return count == 1
                ? ONE
                : new Shards(IntStream.range(0, count)
                        .mapToObj(index -> new RedisKeys(tag(index, count)))
                        .toList());
    }

    private static String tag(int index, int count) {
        return tag(index, index, count);
    }

    /** The tag of the shard at this place, in this one of so many equal parts of all slots. */
    private static String tag(int index, int part, int count) {
        int from = part * SlotHash.SLOT_COUNT / count;
        int to = (part + 1) * SlotHash.SLOT_COUNT / count;
        for (int suffix = 0; ; suffix++) {
            String tag = index + "-" + suffix;
            int slot = SlotHash.getSlot(tag);
            if (slot >= from && slot < to) {
                return tag;
            }
        }
    }

    /**
     * More of them: those there are keep their places and tags, and the new ones lie in the parts of the slots where none is
     * yet, so that all together lie evenly.
     *
     * @param count a power of two, more than there are
     */
    public Shards grownTo(int count) {
        Set<Integer> taken = new HashSet<>();
        all.forEach(shard -> taken.add(SlotHash.getSlot(shard.tag()) * count / SlotHash.SLOT_COUNT));
        List<RedisKeys> grown = new ArrayList<>(all);
        for (int part = 0; grown.size() < count; part++) {
            if (!taken.contains(part % count) || part >= count) {
                grown.add(new RedisKeys(tag(grown.size(), part % count, count)));
            }
        }
        return new Shards(grown);
    }

    /** As {@link #tags} wrote them. */
    public static Shards of(String tags) {
        List<RedisKeys> shards = new ArrayList<>();
        for (String tag : tags.split(",")) {
            shards.add(new RedisKeys(tag));
        }
        return new Shards(shards);
    }

    /** As {@code posthaste:meta} has them. */
    public String tags() {
        return String.join(",", all.stream().map(RedisKeys::tag).toList());
    }

    public int count() {
        return all.size();
    }

    /** The place of an id's shard. */
    public int indexOf(String id) {
        CRC32 crc = new CRC32();
        crc.update(id.getBytes(StandardCharsets.UTF_8));
        return (int) (crc.getValue() % all.size());
    }

    /** The shard of an id. */
    public RedisKeys at(String id) {
        return all.get(indexOf(id));
    }
}
