package io.posthaste.queue.model;

import io.posthaste.queue.RedisShard;
import java.time.Duration;

/** The lane is told how long its attempts are, or that they may be as long as any. */
record Retime(Shard shard, Memory memory) implements Deed {
    @Override
    public void happen() {
        String lane = memory.someLane();
        if (memory.random.nextInt(3) == 0) {
            memory.attemptOf.remove(lane);
        } else {
            memory.attemptOf.put(lane, attempt(5 + memory.random.nextInt(9)));
        }
        tell(lane);
    }

    /** Whose lease is of the length with this number after 48, minutes: none runs out by itself on a slow machine. */
    private static Duration attempt(int number) {
        return Duration.ofSeconds(48 + 40L * number).minus(RedisShard.LEASE_MARGIN);
    }

    void tell(String lane) {
        Duration attempt = memory.attemptOf.get(lane);
        shard.run(
                "lane",
                lane,
                "limits",
                "",
                "",
                "",
                attempt == null ? "" : attempt.toMillis(),
                lane.equals(Lines.BLOCKING) ? "block" : "");
    }
}
