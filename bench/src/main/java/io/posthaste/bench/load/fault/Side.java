package io.posthaste.bench.load.fault;

import io.posthaste.bench.load.drive.Shard;
import io.posthaste.bench.load.process.RedisConnection;
import java.io.IOException;

/** An action beside those of the load, whose jobs nobody reconciles: they are sent, or found among the failed. */
final class Side {
    private final String id;
    private final String batch = Long.toString(System.nanoTime() & 0xffffff, 36);
    private int enqueued;

    private Side(String id) {
        this.id = id;
    }

    /**
     * Stores the action.
     *
     * @param url a template over the job's {@code host} and {@code n}
     * @param body the same
     * @param retry a policy as the HTTP API takes it
     */
    static Side put(Stage stage, String id, String url, String body, String retry) {
        String names = "\"name\": \"%s\", \"method\": \"POST\", \"url\": \"%s\"".formatted(id, url);
        stage.gateway().putAction(id, "{%s, \"body\": \"%s\", \"retry\": %s}".formatted(names, body, retry));
        return new Side(id);
    }

    /** Adds a job, which may name a host. */
    void enqueue(RedisConnection redis, String host) throws IOException {
        add(redis, "{\"host\": \"%s\", \"n\": %d}".formatted(host, enqueued));
    }

    /** Adds a job with so many bytes of {@code filling}. */
    void enqueue(RedisConnection redis, int bytes) throws IOException {
        add(redis, "{\"n\": %d, \"filling\": \"%s\"}".formatted(enqueued, "x".repeat(bytes)));
    }

    private void add(RedisConnection redis, String data) throws IOException {
        String job = id + "-" + batch + "-" + enqueued++;
        redis.call("XADD", Shard.INBOX, "*", "v", "1", "id", job, "action", id, "data", data);
    }
}
