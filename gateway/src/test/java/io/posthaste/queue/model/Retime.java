package io.posthaste.queue.model;

import java.time.Duration;

/** The lane is told how long its attempts are, or that they may be as long as any. */
record Retime(Shard shard, Memory memory) implements Deed {
    @Override
    public void happen() {
        String lane = memory.someLane();
        if (memory.random.nextInt(3) == 0) {
            memory.attemptOf.remove(lane);
        } else {
            memory.attemptOf.put(lane, Duration.ofSeconds(1 + memory.random.nextInt(30)));
        }
        tell(lane);
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
