package io.posthaste.bench.load;

import io.posthaste.bench.load.bare.BareLoop;
import io.posthaste.bench.load.drive.Clock;
import io.posthaste.bench.load.drive.Feed;
import io.posthaste.bench.load.drive.Ledger;
import io.posthaste.bench.load.drive.Workload;
import io.posthaste.bench.load.process.ChildProcess;
import io.posthaste.bench.load.process.JavaCommand;
import io.posthaste.bench.load.process.LoadException;
import io.posthaste.bench.load.process.ProcessUsage;
import io.posthaste.bench.load.process.RedisAddress;
import io.posthaste.bench.load.process.RedisServer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP client that the gateway sends with, and nothing around it: no queue, no templates, no retries. What it does is
 * what the network layer leaves to be had. Its Redis stands idle, so that the figures have the same columns.
 */
final class BareContender implements Contender {
    static final String NAME = "bare";

    private final RedisServer redis;
    private final RedisMeter meter;
    private final Setup setup;
    private final Map<String, String> variables;
    private @Nullable ChildProcess loop;

    private BareContender(RedisServer redis, Setup setup, Map<String, String> variables) {
        this.redis = redis;
        this.meter = new RedisMeter(
                redis.address(), () -> LongStream.of(redis.process().pid()));
        this.setup = setup;
        this.variables = variables;
    }

    static BareContender start(Setup setup, Workload workload, Target target, int inFlight) {
        Map<String, String> variables = new HashMap<>();
        variables.put(
                BareLoop.URLS,
                IntStream.range(0, workload.actions()).mapToObj(target::url).collect(Collectors.joining(",")));
        variables.put(BareLoop.BODY, workload.people().getFirst());
        variables.put(BareLoop.SIGNING_KEY, SIGNING_KEY);
        variables.put(BareLoop.IN_FLIGHT, Integer.toString(inFlight));
        return new BareContender(RedisServer.start(setup.work(), setup.redis().fsync()), setup, variables);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Feed feed(String run, Ledger ledger, Plan plan) {
        variables.put(BareLoop.RUN, run);
        variables.put(BareLoop.COUNT, Integer.toString(ledger.capacity()));
        return new AllAtOnce(ledger);
    }

    @Override
    public void fed() {
        List<String> command = JavaCommand.with(setup.gateways().javaOptions().toArray(String[]::new));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), BareLoop.class.getName()));
        loop = ChildProcess.start("bare", command, setup.work(), variables);
    }

    @Override
    public boolean isPreloaded() {
        return true;
    }

    @Override
    public boolean isSettled() {
        ChildProcess running = running();
        if (!running.isAlive() && !running.output().contains(BareLoop.DONE)) {
            throw new LoadException("the bare client failed" + running.lastWords());
        }
        return running.output().contains(BareLoop.DONE);
    }

    @Override
    public long cpuMicros() {
        return loop == null ? 0 : ProcessUsage.cpuMicros(running().pid());
    }

    @Override
    public long peakBytes() {
        return ProcessUsage.peakBytes(running().pid());
    }

    @Override
    public RedisMeter redis() {
        return meter;
    }

    @Override
    public RedisAddress redisAddress() {
        return redis.address();
    }

    @Override
    public void close() {
        if (loop != null) {
            loop.kill();
        }
        redis.close();
    }

    private ChildProcess running() {
        if (loop == null) {
            throw new IllegalStateException("not started");
        }
        return loop;
    }

    /** Every request is there from the beginning. */
    private record AllAtOnce(Ledger ledger) implements Feed {
        @Override
        public void start() {
            long now = Clock.micros();
            for (int number = 0; number < ledger.capacity(); number++) {
                ledger.offer(number, now);
                ledger.accept(number, now);
            }
        }

        @Override
        public void stop() {}

        @Override
        public boolean isDone() {
            return true;
        }

        @Override
        public int offered() {
            return ledger.capacity();
        }

        @Override
        public long cpuMicros() {
            return 0;
        }

        @Override
        public void close() {}
    }
}
