package io.posthaste.bench.load.drive;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.posthaste.bench.load.process.LoadException;
import io.posthaste.bench.load.process.RedisAddress;
import io.posthaste.bench.load.process.RedisConnection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Jobs that are there while others are measured and stay there: due in a day, in the lanes that are measured, or due now
 * in one lane that is paused.
 *
 * @param paused whether they wait in the paused lane
 */
public record WaitingJobs(int count, boolean paused) {
    /** The action of those that wait in a paused lane. */
    public static final String PAUSED = "paused";

    private static final String SHARD = "posthaste:{0}:";
    private static final int BATCH = 1_000;
    private static final Duration LIMIT = Duration.ofMinutes(10);

    /**
     * What they cost Redis.
     *
     * @param bytes memory used by all of them
     * @param payload bytes of their ids, actions and data
     */
    public record Cost(long bytes, long payload) {}

    /** Enqueues them and waits until the gateway has taken in every one. */
    public Cost enqueue(RedisAddress address, Workload workload) {
        try (RedisConnection redis = RedisConnection.open(address)) {
            long before = usedMemory(redis);
            long payload = write(redis, workload);
            long giveUpAt = System.nanoTime() + LIMIT.toNanos();
            while (redis.number("HLEN", SHARD + "ids") < count) {
                if (System.nanoTime() > giveUpAt) {
                    throw new LoadException("the gateway did not take in %,d waiting jobs".formatted(count));
                }
                LockSupport.parkNanos(100_000_000);
            }
            return new Cost(usedMemory(redis) - before, payload);
        } catch (IOException e) {
            throw new LoadException("cannot enqueue the waiting jobs", e);
        }
    }

    private long write(RedisConnection redis, Workload workload) throws IOException {
        List<String> people = workload.people();
        String at = Long.toString(Clock.micros() / 1000 + Duration.ofDays(1).toMillis());
        long payload = 0;
        for (int from = 0; from < count; from += BATCH) {
            ByteArrayOutputStream commands = new ByteArrayOutputStream(1 << 20);
            int to = Math.min(count, from + BATCH);
            for (int number = from; number < to; number++) {
                String id = "waiting-%09d".formatted(number);
                String action = paused ? PAUSED : Workload.actionId(number % workload.actions());
                String data = people.get(number % people.size()).replace(Templates.NUMBER, id.substring(8));
                payload += id.length() + action.length() + data.getBytes(UTF_8).length;
                commands.writeBytes(command(id, action, data, at));
            }
            redis.write(commands.toByteArray(), commands.size());
            for (int number = from; number < to; number++) {
                redis.read();
            }
        }
        return payload;
    }

    private byte[] command(String id, String action, String data, String at) {
        List<String> words =
                new ArrayList<>(List.of("XADD", SHARD + "inbox", "*", "v", "1", "id", id, "action", action));
        if (!paused) {
            words.addAll(List.of("at", at));
        }
        words.addAll(List.of("data", data));
        return RedisConnection.encode(
                words.stream().map(word -> word.getBytes(UTF_8)).toList());
    }

    private static long usedMemory(RedisConnection redis) throws IOException {
        return Long.parseLong(redis.info("memory").getOrDefault("used_memory", "0"));
    }
}
