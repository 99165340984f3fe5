package io.posthaste.queue.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.posthaste.redis.RedisConnections;
import io.posthaste.testing.RedisServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Heartbeats against a real Redis, whose clock decides who is forgotten. */
class MembershipIT {
    private static final String ALIVE = Membership.PREFIX + "alive";
    private static final List<String> SHARDS = List.of("0-0", "1-0", "2-0", "3-0");

    private final RedisServer server = RedisServer.start();
    private final RedisConnections redis = RedisConnections.open(server.uri(), Duration.ofSeconds(2));
    private final RedisClient client = RedisClient.create(server.uri());
    private final RedisCommands<String, String> commands = client.connect().sync();
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final Membership one = member("one");
    private final Membership two = member("two");

    private Membership member(String name) {
        Membership member = new Membership(redis, name, time);
        member.share(SHARDS);
        return member;
    }

    @AfterEach
    void stop() {
        client.shutdown();
        redis.close();
        server.close();
    }

    @Test
    void gatewaysLearnOfEachOtherAndShareTheShards() {
        one.beat().block();
        assertThat(one.assignment().polled(4)).isEqualTo(4);

        two.beat().block();
        one.beat().block();

        assertThat(one.gateways()).containsExactly("one", "two").isEqualTo(two.gateways());
        assertThat(one.assignment().polled(4) + two.assignment().polled(4)).isEqualTo(4);
    }

    @Test
    void oneThatLeavesIsForgottenAtOnceAndOneThatIsSilentWhenItsTimeHasPassed() {
        one.beat().block();
        two.beat().block();
        two.close();
        one.beat().block();
        assertThat(one.gateways()).containsExactly("one");

        two.beat().block();
        long now = commands.zscore(ALIVE, "two").longValue();
        commands.zadd(ALIVE, now - 2_000.0, "two");
        one.beat().block();
        assertThat(one.gateways()).containsExactly("one", "two");
        commands.zadd(ALIVE, now - 4_000.0, "two");
        one.beat().block();
        assertThat(one.gateways()).containsExactly("one");
    }

    @Test
    void oneThatWasNotedByAClockThatIsAheadIsForgottenToo() {
        commands.zadd(ALIVE, 9e15, "ghost");

        one.beat().block();

        assertThat(one.gateways()).containsExactly("one");
    }

    @Test
    void withoutRedisAGatewayThinksItselfAlone() {
        one.beat().block();
        two.beat().block();
        one.beat().block();
        server.kill();

        one.beat().block();
        assertThat(one.gateways()).as("for a moment nothing changes").containsExactly("one", "two");
        time.advanceTimeBy(Duration.ofSeconds(4));
        one.beat().block();

        assertThat(one.gateways()).containsExactly("one");
        assertThat(one.assignment().polled(4)).isEqualTo(4);
    }
}
