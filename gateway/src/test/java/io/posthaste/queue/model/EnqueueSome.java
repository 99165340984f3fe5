package io.posthaste.queue.model;

import java.util.LinkedHashMap;
import java.util.Map;

/** A producer adds jobs, some for later, some in lines, and now and then an id once more. */
record EnqueueSome(Shard shard, Memory memory) implements Deed {
    @Override
    public void happen() {
        int count = 1 + memory.random.nextInt(8);
        for (int i = 0; i < count; i++) {
            boolean again = memory.random.nextInt(10) == 0 && memory.anyId();
            String id = again ? memory.someId() : memory.newId();
            Map<String, String> fields = new LinkedHashMap<>(Map.of("v", "1", "id", id, "data", "{}"));
            fields.put("action", memory.someLane());
            if (memory.random.nextInt(6) == 0) {
                fields.put("at", Long.toString(shard.now() + memory.random.nextLong(200_000)));
            }
            if (!again && memory.random.nextInt(3) == 0) {
                String order = memory.someOrder();
                fields.put("order", order);
                memory.lines.enter(id, fields.get("action") + ":" + order);
            }
            shard.redis().xadd(shard.keys.inbox(), fields);
            if (memory.alive.putIfAbsent(id, "living") != null) {
                memory.repeated.add(id);
            }
        }
    }
}
