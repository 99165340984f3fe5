package io.posthaste.store.rate;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.redis.RedisKeys;
import io.posthaste.redis.Shards;
import io.posthaste.redis.layout.Layouts;
import io.posthaste.store.rate.RateTokens.Grant;
import io.posthaste.testing.ConnectedRedis;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RateTokensIT {
    @AutoClose
    private static final ConnectedRedis REDIS = new ConnectedRedis();

    private static final String KEY = "posthaste:{0}:rate:api.example.com";

    private final RateTokens one = new RateTokens(REDIS.connections.foreground(), Layouts.fixed(Shards.ONE));
    private final RateTokens another = new RateTokens(REDIS.others.foreground(), Layouts.fixed(Shards.ONE));

    @BeforeEach
    void startAnew() {
        REDIS.commands.flushall();
    }

    @Test
    void twoWhoAskAllTheTimeGetTheLimitTogetherAndNoMore() {
        long from = redisMicros();
        int given = 0;
        while (redisMicros() - from < 2_000_000) {
            given += lease(one, 500, 7).tokens();
            given += lease(another, 500, 7).tokens();
        }
        double seconds = (redisMicros() - from) / 1e6;

        // A tenth of a second's at the start, then one after the other; who asks late has lost what was full.
        assertThat(given).isBetween(500, (int) Math.ceil(500 * seconds) + 50);
    }

    @Test
    void whoGetsNoneHearsWhenThereIsAnother() {
        assertThat(lease(one, 2, 1)).isEqualTo(new Grant(1, 0));

        Grant none = lease(another, 2, 1);
        assertThat(none.tokens()).isZero();
        assertThat(none.nextMicros()).isBetween(400_000L, 500_000L);
        assertThat(lease(one, 2, 5).tokens()).isZero();
    }

    @Test
    void onlyATenthOfASecondsIsThereAfterAPause() {
        assertThat(lease(one, 1_000, 10_000).tokens()).isEqualTo(100);
        assertThat(lease(one, 10, 10_000).tokens()).isZero();
    }

    @Test
    void aLimitThatWasRaisedWaitsForNothingThatTheOldOneHadTaken() {
        lease(one, 0.001, 1);

        Grant next = lease(one, 1_000, 1);
        assertThat(next.tokens() == 1 || next.nextMicros() <= 1_000).isTrue();
    }

    @Test
    void whatIsNoTimeCountsAsNothingTaken() {
        REDIS.commands.set(KEY, "soon");
        assertThat(lease(one, 10, 1).tokens()).isEqualTo(1);
        REDIS.commands.set(KEY, "9e300");
        assertThat(lease(one, 10, 1).tokens()).isEqualTo(1);
        REDIS.commands.del(KEY);
        REDIS.commands.rpush(KEY, "somebody else's");
        assertThat(lease(one, 10, 1).tokens()).isEqualTo(1);
    }

    @Test
    void aClockThatWasAheadHoldsNobodyUpForLong() {
        REDIS.commands.set(KEY, "" + (redisMicros() + Duration.ofDays(1).toMillis() * 1_000));

        assertThat(lease(one, 10, 1).nextMicros()).isLessThanOrEqualTo(100_000);
    }

    @Test
    void whatIsKeptOfAHostExpires() {
        lease(one, 10, 1);

        assertThat(REDIS.commands.pttl(KEY)).isBetween(1L, 1_200L);
    }

    @Test
    void aHostHasOneShardWhicheverItsJobsAreOn() {
        Shards four =
                new Shards(List.of(new RedisKeys("a"), new RedisKeys("b"), new RedisKeys("c"), new RedisKeys("d")));
        new RateTokens(REDIS.connections.foreground(), Layouts.fixed(four))
                .lease("api.example.com", 10, 1)
                .block();
        new RateTokens(REDIS.others.foreground(), Layouts.fixed(four))
                .lease("api.example.com", 10, 1)
                .block();

        assertThat(REDIS.commands.keys("*"))
                .containsExactly(four.at("api.example.com").rate("api.example.com"));
    }

    private static Grant lease(RateTokens tokens, double perSecond, int wanted) {
        return Objects.requireNonNull(
                tokens.lease("api.example.com", perSecond, wanted).block());
    }

    private static long redisMicros() {
        List<String> time = REDIS.commands.time();
        return Long.parseLong(time.get(0)) * 1_000_000 + Long.parseLong(time.get(1));
    }
}
