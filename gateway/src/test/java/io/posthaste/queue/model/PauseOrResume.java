package io.posthaste.queue.model;

import java.util.List;

/** A lane is paused, or all that are go on. */
record PauseOrResume(Shard shard, Memory memory) implements Deed {
    @Override
    public void happen() {
        String lane = memory.someLane();
        if (memory.paused.isEmpty() && memory.random.nextBoolean()) {
            memory.paused.add(lane);
            shard.run("lane", lane, "pause");
        } else {
            resumeAll();
        }
    }

    void resumeAll() {
        for (String lane : List.copyOf(memory.paused)) {
            shard.run("lane", lane, "resume");
            memory.paused.remove(lane);
            // The ramp after a pause takes real time; the model has none.
            shard.redis().hdel(shard.keys.laneLimits(), lane);
            new Retime(shard, memory).tell(lane);
        }
    }
}
