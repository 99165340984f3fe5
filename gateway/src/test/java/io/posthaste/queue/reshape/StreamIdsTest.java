package io.posthaste.queue.reshape;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamIdsTest {
    @ParameterizedTest
    @CsvSource({
        "0-0,0-0,true",
        "9-9,10-0,true",
        "10-0,9-9,false",
        "5-2,5-10,true",
        "5-10,5-2,false",
        "18446744073709551615-0,1-1,false",
        "nonsense,0-1,true"
    })
    void idsAreComparedByTimeAndThenByNumber(String first, String second, boolean isUpTo) {
        assertThat(StreamIds.isUpTo(first, second)).isEqualTo(isUpTo);
    }
}
