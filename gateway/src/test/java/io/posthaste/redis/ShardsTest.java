package io.posthaste.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.cluster.SlotHash;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShardsTest {
    private static final int CRC32_OF_JOB_1 = 1279408703;

    @Test
    void oneShardIsWhatItAlwaysWas() {
        assertThat(Shards.spread(1).tags()).isEqualTo("0");
        assertThat(Shards.spread(1).at("any id").prefix()).isEqualTo("posthaste:{0}:");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 16, 64, 1_024})
    void eachOfSoManyHasAPartOfTheSlotsToItself(int count) {
        List<Integer> parts = Shards.spread(count).all().stream()
                .map(shard -> SlotHash.getSlot(shard.inbox()) * count / SlotHash.SLOT_COUNT)
                .toList();

        assertThat(parts).isEqualTo(IntStream.range(0, count).boxed().toList());
    }

    @Test
    void threeServersHaveAThirdOfSixteenEach() {
        Map<Integer, Long> shardsOf = Shards.spread(16).all().stream()
                .collect(Collectors.groupingBy(
                        shard -> SlotHash.getSlot(shard.inbox()) * 3 / SlotHash.SLOT_COUNT, Collectors.counting()));

        assertThat(shardsOf.values()).containsExactlyInAnyOrder(5L, 5L, 6L);
    }

    /** What producers in other languages compute: {@code zlib.crc32(b"job-1") % 16}. */
    @Test
    void anIdBelongsWhereEveryCrc32SaysSo() {
        Shards shards = Shards.spread(16);

        assertThat(shards.indexOf("job-1")).isEqualTo(CRC32_OF_JOB_1 % 16);
        assertThat(shards.at("job-1")).isEqualTo(shards.all().get(CRC32_OF_JOB_1 % 16));
    }

    @ParameterizedTest
    @CsvSource({"1,16", "2,4", "16,64", "1,1024"})
    void thoseThatAreThereStayWhenMoreAreAddedAndAllLieEvenly(int before, int after) {
        Shards shards = Shards.spread(before);

        Shards grown = shards.grownTo(after);

        assertThat(grown.all())
                .hasSize(after)
                .doesNotHaveDuplicates()
                .startsWith(shards.all().toArray(RedisKeys[]::new));
        assertThat(grown.all().stream()
                        .map(shard -> SlotHash.getSlot(shard.inbox()) * after / SlotHash.SLOT_COUNT)
                        .sorted())
                .containsExactlyElementsOf(IntStream.range(0, after).boxed().toList());
        assertThat(Shards.of(grown.tags())).isEqualTo(grown);
    }

    @Test
    void theTagsSayAllThereIsToKnow() {
        assertThat(Shards.of(Shards.spread(4).tags())).isEqualTo(Shards.spread(4));
    }
}
