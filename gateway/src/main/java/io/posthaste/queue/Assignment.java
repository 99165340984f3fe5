package io.posthaste.queue;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which shards a gateway polls while others live, too: rendezvous hashing, so that each gateway finds out by itself and all
 * agree, and only the shards of one that came or went change hands.
 *
 * <p>It is an optimisation and no ownership: a claim by anybody is correct, and a gateway that is wrong about who lives
 * costs some claims for nothing, or a second until its shards are looked into.
 */
public final class Assignment {
    /** All shards are polled: there is no other gateway, or nobody knows. */
    public static final Assignment ALONE = new Assignment(Map.of(), 1);

    private final Map<String, Duty> duties;
    private final int pollers;

    /** What a gateway does about a shard, the nearest first. */
    public enum Duty {
        /** Claims whenever something may be due, and hears the doorbell. */
        POLLS,
        /** Is next should one of those vanish, and looks into it every second. */
        STANDS_IN,
        /** Looks into it in its turn, one such shard a second, and helps where there is more than is taken. */
        LOOKS_IN
    }

    private Assignment(Map<String, Duty> duties, int pollers) {
        this.duties = duties;
        this.pollers = pollers;
    }

    /**
     * As many gateways poll a shard as there are for each, one at least.
     *
     * @param self one of the gateways, or not yet
     * @param gateways all that live
     */
    public static Assignment of(String self, Collection<String> gateways, List<String> shards) {
        int polling = Math.max(1, Math.ceilDiv(gateways.size(), shards.size()));
        Map<String, Duty> duties = HashMap.newHashMap(shards.size());
        for (String shard : shards) {
            duties.put(shard, duty(rank(self, gateways, shard), polling));
        }
        return new Assignment(duties, polling);
    }

    private static Duty duty(int rank, int polling) {
        if (rank < polling) {
            return Duty.POLLS;
        }
        return rank == polling ? Duty.STANDS_IN : Duty.LOOKS_IN;
    }

    /** How many come before this one. */
    private static int rank(String self, Collection<String> gateways, String shard) {
        long own = weight(self, shard);
        int rank = 0;
        for (String other : gateways) {
            long weight = weight(other, shard);
            if (weight > own || (weight == own && other.compareTo(self) > 0)) {
                rank++;
            }
        }
        return rank;
    }

    /** Of a gateway for a shard; every gateway must compute the same. */
    private static long weight(String gateway, String shard) {
        return mixed(mixed(hash(gateway)) + hash(shard));
    }

    /** FNV-1a. */
    private static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }

    /** SplitMix64's end: names that differ in their last letter only must differ in every bit. */
    private static long mixed(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }

    public Duty duty(String shard) {
        return duties.getOrDefault(shard, Duty.POLLS);
    }

    /** How many gateways poll each shard. */
    public int pollers() {
        return pollers;
    }

    /** How many are polled; of one that is alone, all. */
    public int polled(int shards) {
        return duties.isEmpty()
                ? shards
                : (int) duties.values().stream().filter(Duty.POLLS::equals).count();
    }
}
