package io.posthaste.api;

import io.posthaste.job.Lease;
import io.posthaste.queue.RedisJobQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The API with a queue beside it that plays the gateway's loop. */
abstract class DeliveryApiCase {
    static RunningApi api;
    static RedisJobQueue queue;

    @BeforeAll
    static void open() {
        api = new RunningApi();
        queue = api.queue();
    }

    @AfterAll
    static void close() {
        api.close();
    }

    /** Everything that the tests have left in the inbox, of which one claim takes a part. */
    static void takeIn() {
        queue.claim(0).repeat(4).blockLast();
    }

    /** Leases until the job turns up; others that come along stay leased. */
    static Lease claim(String id) {
        for (int turn = 0; turn < 50; turn++) {
            var claim = queue.claim(256).blockOptional().orElseThrow();
            for (Lease lease : claim.leases()) {
                if (lease.job().id().equals(id)) {
                    return lease;
                }
            }
        }
        throw new AssertionError(id + " was never leased");
    }
}
