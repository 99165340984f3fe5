package io.posthaste.queue.model;

import io.posthaste.job.Lease;
import io.posthaste.job.Outcome;
import io.posthaste.job.Recipient;
import io.posthaste.job.Settlement;
import io.posthaste.queue.RedisShard;
import io.posthaste.queue.Settled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Workers report what became of their leases, in batches, some of them twice. */
record SettleSome(Shard shard, Memory memory) implements Deed {
    private static final int KINDS = 8;

    @Override
    public void happen() {
        List<Settlement> batch = new ArrayList<>();
        // Some batches end all alike: what rests then rests since the same moment.
        boolean alike = memory.random.nextInt(5) == 0;
        int kind = memory.random.nextInt(KINDS);
        for (Lease lease : memory.some(free(), 6)) {
            Outcome outcome = outcome(lease, alike ? kind : memory.random.nextInt(KINDS));
            batch.add(new Settlement(lease, outcome, details(lease), Recipient.UNKNOWN));
        }
        settle(batch);
        if (memory.random.nextInt(4) == 0) {
            ShardDump before = shard.dump();
            Check.that(!shard.settle(batch).contains(Settled.APPLIED), "a repeated settlement was applied again");
            shard.unchanged(before, "a repeated settlement");
        }
    }

    private List<Lease> free() {
        return memory.held.values().stream()
                .filter(lease -> !memory.elsewhere.isUnderWay(lease))
                .toList();
    }

    void settle(List<Settlement> batch) {
        List<Settled> results = shard.settle(batch);
        for (int i = 0; i < batch.size(); i++) {
            Settlement settlement = batch.get(i);
            Settled must = memory.people.isOutdated(settlement.outcome()) ? Settled.OUTDATED : Settled.APPLIED;
            Settled result = results.get(i);
            Check.that(result == must, "a settlement by the holder was " + result + ", not " + must);
            if (result == Settled.APPLIED) {
                memory.applied(settlement);
            }
        }
    }

    /** Some gateways have heard of reporting webhooks, others not yet. */
    private static byte @Nullable [] details(Lease lease) {
        return lease.job().id().hashCode() % 2 == 0 ? "{}".getBytes(StandardCharsets.UTF_8) : null;
    }

    private Outcome outcome(Lease lease, int kind) {
        return switch (kind) {
            case 0, 1, 2 -> memory.people.success(RedisShard.delivered(lease), shard.redis());
            case 3 -> RedisShard.retry(lease, Duration.ofMillis(memory.random.nextInt(100)));
            case 4 -> RedisShard.failed(lease, memory.random.nextBoolean() ? "HTTP 404" : "HTTP 410");
            case 5 -> new Outcome.Released(Duration.ZERO);
            case 6 -> new Outcome.Drafted(RedisShard.request("draft"), false);
            default ->
                switch (memory.random.nextInt(3)) {
                    case 0 -> new Outcome.Aborted("no");
                    case 1 -> new Outcome.Skipped();
                    default -> new Outcome.Cancelled("off");
                };
        };
    }
}
