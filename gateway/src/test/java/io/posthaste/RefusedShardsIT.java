package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.posthaste.cli.ApiClient;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A change of the number of shards that cannot be made. */
class RefusedShardsIT {
    private static final Duration WAIT = Duration.ofSeconds(90);

    private final TestGateway gateways = new TestGateway().start();
    private final ApiClient first = gateways.api();

    @AfterEach
    void stop() {
        gateways.close();
    }

    @Test
    void whatCannotBeDoneIsRefusedWithAReason() {
        assertThat(refused("{\"count\":3}")).contains("is 3; expected a power of two from 1 to 1024");
        assertThat(refused("{\"count\":2048}")).contains("is 2048; expected a power of two from 1 to 1024");
        gateways.commands.zadd(
                "posthaste:{gateways}:alive",
                Double.parseDouble(gateways.commands.time().getFirst()) * 1_000,
                "old");
        assertThat(refused("{\"count\":2}")).contains("gateway old does not know how to change the number");
        gateways.commands.zrem("posthaste:{gateways}:alive", "old");
        first.post("/v1/shards", "{\"count\":2}");
        assertThat(refused("{\"count\":4}")).contains("changes from 1 to 2; let that come to its end first");
        await().atMost(WAIT).until(() -> MoreShardsIT.isSettled(first));
        assertThat(refused("{\"count\":1}")).contains("is 1, and there are 2: shards can be added, not taken away");
        assertThatThrownBy(() -> first.post("/v1/shards/pause", "")).hasMessageContaining("does not change now");
    }

    private String refused(String body) {
        try {
            return "taken: " + first.post("/v1/shards", body);
        } catch (ApiClient.Refused refused) {
            return String.valueOf(refused.getMessage());
        }
    }
}
