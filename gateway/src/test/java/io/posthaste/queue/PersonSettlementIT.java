package io.posthaste.queue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.protocol.CommandType;
import io.posthaste.job.AttributeUpdate;
import io.posthaste.job.Lease;
import io.posthaste.job.Outcome;
import io.posthaste.job.Person;
import io.posthaste.job.Settlement;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A success and what it sets on its person, in one step (M72, M73). */
class PersonSettlementIT {
    @AutoClose
    private static final RedisShard shard = RedisShard.start();

    @BeforeEach
    void clear() {
        shard.clear();
        shard.queue(RedisShard.settings());
    }

    @Test
    void thePersonTheEventAndTheEndOfTheJobComeTogether() {
        Lease lease = leased("j1");

        assertThat(shard.settled(lease, sets(lease, 0, "{\"n\":1}"))).isEqualTo(Settled.APPLIED);

        assertThat(person()).containsEntry("attributes", "{\"n\":1}");
        assertThat(lastResult()).containsEntry("event", "sent").containsEntry("attributes", "{\"n\":1}");
        assertThat(RedisShard.get(shard.deliveries.find("j1")).attributeUpdate())
                .isEqualTo(AttributeUpdate.State.SET);
        assertThat(shard.redis.exists(shard.keys.leased(), shard.keys.ids())).isZero();
    }

    @Test
    void anUpdateFromWhatThePersonWasIsRefusedAndTheLeaseStays() {
        Lease lease = leased("j1");
        shard.redis.hset(shard.keys.person("ada"), Map.of("version", "7", "attributes", "{\"n\":5}"));

        assertThat(shard.settled(lease, sets(lease, 0, "{\"n\":1}"))).isEqualTo(Settled.OUTDATED);
        assertThat(shard.results()).isEmpty();
        assertThat(person()).containsEntry("attributes", "{\"n\":5}");

        assertThat(shard.settled(lease, sets(lease, 7, "{\"n\":6}"))).isEqualTo(Settled.APPLIED);
        assertThat(person()).containsEntry("version", "8").containsEntry("attributes", "{\"n\":6}");
    }

    @Test
    void aLateSuccessSetsItsAttributesAndTheAttemptAfterItDoesNot() {
        shard.queue(RedisShard.settings(Duration.ofMillis(50), 100));
        Lease late = leased("j1");
        Lease fresh = shard.awaitLeases(1).getFirst();

        assertThat(shard.settled(late, sets(late, 0, "{\"n\":1}"))).isEqualTo(Settled.APPLIED);
        long version = Long.parseLong(person().get("version"));

        assertThat(shard.settled(fresh, sets(fresh, version, "{\"n\":2}"))).isEqualTo(Settled.IGNORED);
        assertThat(person()).containsEntry("attributes", "{\"n\":1}");
    }

    @Test
    void whatFailedBeforeItWasTakenIsSetOnceWhenRepeated() {
        Lease lease = leased("j1");
        shard.redis.aclSetuser("default", AclSetuserArgs.Builder.removeCommand(CommandType.XADD));
        shard.queue.settle(new Settlement(lease, sets(lease, 0, "{\"n\":1}"))).subscribe();
        await().atMost(RedisShard.WAIT)
                .until(() -> shard.redis.info("errorstats").contains("errorstat_ERR"));
        assertThat(person()).isEmpty();

        shard.redis.aclSetuser("default", AclSetuserArgs.Builder.addCommand(CommandType.XADD));

        await().atMost(RedisShard.WAIT).until(() -> shard.queue.unsettled() == 0);
        assertThat(person()).containsEntry("attributes", "{\"n\":1}");
        assertThat(lastResult()).containsEntry("attributes", "{\"n\":1}");
    }

    @Test
    void aPersonMadeAnewIsNoOldOne() {
        Lease lease = leased("j1");
        shard.settled(lease, sets(lease, 0, "{\"n\":1}"));
        String version = person().get("version");
        shard.redis.del(shard.keys.person("ada"));

        Lease next = leased("j2");
        shard.settled(next, sets(next, 0, "{\"n\":1}"));

        assertThat(person().get("version")).isNotEqualTo(version);
    }

    private static Lease leased(String id) {
        shard.enqueue(id, "crm");
        return shard.awaitLeases(1).getFirst();
    }

    private static Outcome sets(Lease lease, long version, String attributes) {
        Person ada = new Person("ada", version, attributes.getBytes(UTF_8));
        return RedisShard.delivered(lease).with(new AttributeUpdate.Change(ada, attributes.getBytes(UTF_8)));
    }

    private static Map<String, String> person() {
        return shard.redis.hgetall(shard.keys.person("ada"));
    }

    private static Map<String, String> lastResult() {
        return shard.redis
                .xrevrange(shard.keys.results(), Range.unbounded(), Limit.from(1))
                .getFirst()
                .getBody();
    }
}
