package io.posthaste.queue.model;

import io.posthaste.job.Lease;
import io.posthaste.queue.RedisShard;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/** A worker claims: what it gets must be due, its own alone, within the limit of its lane and leased for long enough. */
final class ClaimSome implements Deed {
    private final Shard shard;
    private final Memory memory;
    /** Every {@code entry@token} ever handed out. */
    private final Set<String> tokens = new HashSet<>();

    ClaimSome(Shard shard, Memory memory) {
        this.shard = shard;
        this.memory = memory;
    }

    @Override
    public void happen() {
        shard.claim(memory.random.nextInt(30)).forEach(this::taken);
        memory.held.values().stream()
                .collect(Collectors.groupingBy(lease -> lease.job().lane(), Collectors.counting()))
                .forEach((lane, count) -> Check.that(count <= Shard.LANE_CAP, count + " leased in lane " + lane));
    }

    private void taken(Lease lease) {
        String id = lease.job().id();
        memory.revive(id);
        String state = memory.alive.getOrDefault(id, "ended");
        Check.that(state.equals("living"), id + " was leased but is " + state);
        Check.that(!memory.held.containsKey(id), id + " was leased twice at a time");
        memory.lines.isTurnOf(id);
        Check.that(!memory.paused.contains(lease.job().lane()), id + " was leased though its lane is paused");
        Double score = shard.redis().zscore(shard.keys.leased(), lease.hold().entry());
        Check.that(
                score != null && score.longValue() == lease.hold().token(), id + " was handed out but is not leased");
        checkToken(lease);
        int recorded = memory.attempts.getOrDefault(id, 0);
        Check.that(
                lease.past().attempts() == recorded,
                id + " has " + lease.past().attempts() + " attempts, not " + recorded);
        memory.held.put(id, lease);
    }

    private void checkToken(Lease lease) {
        Check.that(
                tokens.add(lease.hold().entry() + "@" + lease.hold().token()),
                lease.hold().entry() + " got a token for the second time");
        Duration told = memory.attemptOf.get(lease.job().lane());
        long seconds = (told == null ? Shard.LONG_LEASE : told.plus(RedisShard.LEASE_MARGIN)).toSeconds();
        long given = lease.hold().expiresAt().getEpochSecond();
        Check.that(given == seconds, lease.hold().entry() + " is leased for " + given + " s, not " + seconds);
        // Two lengths never give the same token, because it tells its length.
        Check.that(
                lease.hold().length().toSeconds() == seconds,
                "a token of the wrong length " + lease.hold().token());
    }
}
