package io.posthaste.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.queue.Assignment.Duty;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AssignmentTest {

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 5", "16, 1", "16, 2", "16, 3", "16, 16", "16, 17", "16, 100", "1024, 7"})
    void everyShardIsPolledByAsManyAsThereAreForEachAndOneStandsIn(int shards, int gateways) {
        List<String> all = gateways(gateways);

        for (String shard : shards(shards)) {
            assertThat(with(Duty.POLLS, all, shard, shards)).hasSize(Math.ceilDiv(gateways, shards));
            assertThat(with(Duty.STANDS_IN, all, shard, shards))
                    .hasSize(gateways > Math.ceilDiv(gateways, shards) ? 1 : 0);
        }
    }

    @Test
    void onlyTheShardsOfAGatewayThatVanishesChangeHandsAndWhoStoodInTakesThem() {
        List<String> before = gateways(5);
        List<String> after = new ArrayList<>(before);
        String gone = after.remove(2);

        for (String shard : shards(64)) {
            List<String> polled = with(Duty.POLLS, before, shard, 64);
            assertThat(with(Duty.POLLS, after, shard, 64))
                    .isEqualTo(polled.contains(gone) ? with(Duty.STANDS_IN, before, shard, 64) : polled);
        }
    }

    @Test
    void noGatewayPollsMuchMoreThanItsShare() {
        List<String> all = gateways(8);
        List<String> shards = shards(256);

        assertThat(all)
                .allSatisfy(self ->
                        assertThat(Assignment.of(self, all, shards).polled(256)).isBetween(16, 48));
    }

    @Test
    void aGatewayThatIsAlonePollsEverything() {
        assertThat(Assignment.ALONE.duty("0")).isEqualTo(Duty.POLLS);
        assertThat(Assignment.ALONE.polled(16)).isEqualTo(16);
        assertThat(Assignment.of("a", List.of("a"), shards(16)).polled(16)).isEqualTo(16);
    }

    private static List<String> with(Duty duty, List<String> gateways, String shard, int shards) {
        return gateways.stream()
                .filter(self -> Assignment.of(self, gateways, shards(shards)).duty(shard) == duty)
                .toList();
    }

    private static List<String> gateways(int count) {
        return IntStream.range(0, count).mapToObj(i -> "gateway-" + i).toList();
    }

    private static List<String> shards(int count) {
        return IntStream.range(0, count).mapToObj(i -> i + "-0").toList();
    }
}
