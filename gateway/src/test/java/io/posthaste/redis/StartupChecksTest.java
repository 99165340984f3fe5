package io.posthaste.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StartupChecksTest {
    private static String info(String version, String policy, String aof, String maxmemory) {
        return "# Server\r\nredis_version:%s\r\nmaxmemory:%s\r\nmaxmemory_policy:%s\r\naof_enabled:%s\r\n"
                .formatted(version, maxmemory, policy, aof);
    }

    @ParameterizedTest
    @CsvSource({
        "6.2.14, noeviction, 1, version 6.2.14, use Redis 7.0 or newer",
        "7.0.15, allkeys-lru, 1, maxmemory-policy allkeys-lru, set maxmemory-policy noeviction",
    })
    void whatWouldLoseJobsIsRefusedWithTheFix(String version, String policy, String aof, String thing, String fix) {
        assertThatThrownBy(() -> StartupChecks.check(info(version, policy, aof, "1")))
                .isInstanceOf(UnusableRedisException.class)
                .hasMessageContaining(thing)
                .hasMessageContaining(fix);
    }

    @Test
    void oldReleasesAreWarnedOfAndNewOnesNot() {
        assertThat(StartupChecks.check(info("7.0.15", "noeviction", "1", "1")))
                .containsExactly(
                        "Redis 7.0.15 has CVE-2025-49844 (use after free in Lua); use a newer one, or a build that"
                                + " has the fix such as Debian's 5:7.0.15-1~deb12u6");
        assertThat(StartupChecks.check(info("8.4.0", "noeviction", "1", "1")))
                .singleElement()
                .asString()
                .contains("CVE-2026-23479");
        assertThat(StartupChecks.check(info("7.2.4", "noeviction", "1", "1") + "valkey_version:8.1.3\r\n"))
                .singleElement()
                .asString()
                .startsWith("Valkey 8.1.3 has CVE-2025-49844");
        assertThat(StartupChecks.check(info("8.6.3", "noeviction", "1", "1"))).isEmpty();
        assertThat(StartupChecks.check(info("8.6.3", "noeviction", "1", "0"))).hasSize(1);
        assertThat(StartupChecks.check(info("7.2.4", "noeviction", "1", "1") + "valkey_version:9.0.0\r\n"))
                .isEmpty();
    }

    @Test
    void aRedisThatForgetsWhenItRestartsIsWarnedOf() {
        assertThat(StartupChecks.check(info("8.6.3", "noeviction", "0", "1")))
                .singleElement()
                .asString()
                .contains("appendonly no", "set appendonly yes");
    }

    @ParameterizedTest
    @CsvSource({
        "localhost:6379",
        "http://localhost",
        "'redis://127.0.0.1:1,127.0.0.1:2', 'redis://127.0.0.1:1,http://127.0.0.1:2'"
    })
    void addressesThatAreNoneAreRefused(String uri) {
        assertThatThrownBy(() -> RedisConnections.open(uri, Duration.ofSeconds(1)))
                .isInstanceOf(UnusableRedisException.class)
                .hasMessageStartingWith("redis.uri: ");
    }

    @Test
    void nothingListeningIsSaidInOneSentenceWithoutThePassword() {
        assertThatThrownBy(() -> RedisConnections.open("redis://user:geheim@127.0.0.1:1", Duration.ofSeconds(1)))
                .isInstanceOf(UnusableRedisException.class)
                .hasMessageContaining("cannot connect to 127.0.0.1:1")
                .extracting(Throwable::getMessage)
                .asString()
                .doesNotContain("geheim");
    }
}
