package io.posthaste.queue.model;

/** Operations on many deliveries: one is started, cancelled, or goes a step. */
final class Operate implements Deed {
    private final Shard shard;
    private final Memory memory;
    private final OperationsModel operations;

    Operate(Shard shard, Memory memory) {
        this.shard = shard;
        this.memory = memory;
        this.operations = new OperationsModel(shard.keys, memory.random, Shard.LANES);
    }

    @Override
    public void happen() {
        if (!anyRunning() || memory.random.nextInt(3) == 0) {
            operations.start(shard::run, shard.redis());
        }
        if (memory.random.nextInt(10) == 0) {
            operations.cancel(shard::run, shard.redis());
        } else {
            step();
        }
    }

    boolean anyRunning() {
        return operations.anyRunning();
    }

    void step() {
        ShardAudit before = shard.audit();
        OperationsModel.Step step = operations.step(shard::run, shard.redis(), new KnownBefore(before, memory));
        boolean again = step.kind().equals("resend") || step.kind().equals("send");
        for (String entry : step.entries()) {
            String id = before.idOf(entry);
            if (again) {
                memory.startAnew(id);
            } else {
                memory.end(id);
            }
        }
    }

    private record KnownBefore(ShardAudit audit, Memory memory) implements OperationsModel.Known {
        @Override
        public String lane(String entry) {
            return audit.laneOf(entry);
        }

        @Override
        public String reason(String entry) {
            return memory.reasons.getOrDefault(audit.idOf(entry), "");
        }

        @Override
        public int attempts(String entry) {
            return memory.attempts.getOrDefault(audit.idOf(entry), 0);
        }
    }
}
