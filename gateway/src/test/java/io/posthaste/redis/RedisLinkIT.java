package io.posthaste.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.protocol.CommandType;
import io.posthaste.testing.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class RedisLinkIT {
    private static final byte[] KEY = {'k'};

    private final List<String> timed = new CopyOnWriteArrayList<>();

    @Test
    void commandsAndScriptsAreTimedUnderTheirNamesFailuresToo() {
        try (RedisServer server = RedisServer.start();
                RedisConnections redis = RedisConnections.open(server.uri(), Duration.ofSeconds(5), this::start)) {
            var link = redis.admin();
            link.send(CommandType.GET, "k").toCompletableFuture().join();
            link.scan("k", "0", "*", 10).toCompletableFuture().join();
            LuaScript.of("#!lua\nreturn 1")
                    .run(link, KEY, List.of())
                    .toCompletableFuture()
                    .join();
            link.send(CommandType.LPUSH, "k")
                    .toCompletableFuture()
                    .exceptionally(wrong -> null)
                    .join();
        }

        assertThat(timed)
                .containsExactly(
                        "GET begins",
                        "GET ends",
                        "SCAN begins",
                        "SCAN ends",
                        "script begins",
                        "script ends",
                        "script begins",
                        "script ends",
                        "LPUSH begins",
                        "LPUSH ends");
    }

    @Test
    void aRedisThatCannotBeReachedLeavesNoThreadsBehind() {
        long before = threads();

        assertThatThrownBy(() -> RedisConnections.open("redis://127.0.0.1:1", Duration.ofSeconds(1)))
                .isInstanceOf(UnusableRedisException.class);

        await().atMost(Duration.ofSeconds(20)).until(() -> threads() <= before);
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("lettuce"))
                .count();
    }

    private Runnable start(String command) {
        timed.add(command + " begins");
        return () -> timed.add(command + " ends");
    }
}
