package io.posthaste.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.api.sync.RedisCommands;
import io.posthaste.testing.ConnectedRedis;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyspaceIT {
    @AutoClose
    private final ConnectedRedis connected = new ConnectedRedis();

    private final RedisCommands<String, String> commands = connected.commands;
    private final RedisConnections redis = connected.connections;

    @Test
    void producersFindTheShardsAndTheirTags() {
        Keyspace.open(redis, 1);

        assertThat(commands.hgetall("posthaste:meta")).isEqualTo(Map.of("version", "1", "shards", "1", "tags", "0"));
    }

    @Test
    void aSecondGatewayJoins() {
        Keyspace.open(redis, 1);

        assertThatCode(() -> Keyspace.open(redis, 1)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"version,2", "shards,4"})
    void aKeyspaceOfAnotherKindIsRefused(String field, String value) {
        commands.hset("posthaste:meta", Map.of("version", "1", "shards", "1", "tags", "0"));
        commands.hset("posthaste:meta", field, value);

        assertThatThrownBy(() -> Keyspace.open(redis, 1))
                .isInstanceOf(UnusableRedisException.class)
                .hasMessage(
                        "Redis holds a Posthaste keyspace with %s %s, and this gateway works with 1; use the gateway"
                                + " that made it, or another Redis",
                        field, value);
    }

    @Test
    void aKeyspaceOfSeveralShardsIsJoinedByWhoeverDoesNotSayOtherwise() {
        Shards made = Keyspace.open(redis, 4);

        assertThat(made.count()).isEqualTo(4);
        assertThat(commands.hget("posthaste:meta", "tags")).isEqualTo(made.tags());
        assertThat(Keyspace.open(redis, 0)).isEqualTo(made);
        assertThat(Keyspace.open(redis, 4)).isEqualTo(made);
        assertThatThrownBy(() -> Keyspace.open(redis, 2)).hasMessageContaining("with shards 4", "works with 2");
    }

    @Test
    void shardsAreAPowerOfTwo() {
        assertThatThrownBy(() -> Keyspace.open(redis, 6))
                .hasMessageStartingWith("redis.shards: is 6; expected a power");
        assertThat(commands.exists("posthaste:meta")).isZero();
    }

    @Test
    void anEvictingServerIsRefusedBeforeAnythingIsWritten() {
        commands.configSet("maxmemory-policy", "allkeys-lru");

        assertThatThrownBy(() -> StartupChecks.of(redis))
                .isInstanceOf(UnusableRedisException.class)
                .hasMessageContaining("maxmemory-policy allkeys-lru");
        assertThat(commands.keys("*")).isEqualTo(List.of());
    }
}
