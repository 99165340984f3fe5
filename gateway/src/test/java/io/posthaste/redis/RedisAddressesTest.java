package io.posthaste.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisURI;
import java.util.List;
import org.junit.jupiter.api.Test;

class RedisAddressesTest {
    @Test
    void whatTheFirstNodeIsReachedWithHoldsForThoseThatSayNothingElse() {
        List<RedisURI> nodes = RedisAddresses.parse("rediss://ada:geheim@a:7000,b:7001,redis://c:7002,d:7003");

        assertThat(nodes).extracting(RedisURI::getHost).containsExactly("a", "b", "c", "d");
        assertThat(nodes).extracting(RedisURI::isSsl).containsExactly(true, true, false, false);
        assertThat(nodes).extracting(RedisAddressesTest::user).containsExactly("ada", "ada", "", "");
        assertThat(RedisAddresses.shown(nodes)).isEqualTo("a:7000,b:7001,c:7002,d:7003");
    }

    private static String user(RedisURI node) {
        RedisCredentials found =
                node.getCredentialsProvider().resolveCredentials().block();
        String name = found == null ? null : found.getUsername();
        return name == null ? "" : name;
    }

    @Test
    void anAddressThatIsNoneIsNotRepeatedBecauseItMayHoldAPassword() {
        assertThatThrownBy(() -> RedisAddresses.parse("redis://ada:geheim@[::1"))
                .isInstanceOf(UnusableRedisException.class)
                .hasMessageStartingWith("redis.uri: not a valid address")
                .hasMessageNotContaining("geheim");
    }
}
