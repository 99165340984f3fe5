package io.posthaste.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CapacityTest {
    private static final long HEAP = 512L << 20;
    private static final int FILES = 100_000;

    private final Map<String, String> environment = new HashMap<>();

    @Test
    void followsFromTheHeapWhenNothingIsSet() {
        Capacity capacity = capacity(HEAP, FILES);

        assertThat(capacity.places()).isEqualTo(8_192);
        assertThat(capacity.bound()).hasToString("heap");
        assertThat(capacity.config().send().maxInFlight()).isEqualTo(8_192);
        assertThat(capacity.config().send().maxInFlightPerHost()).isEqualTo(4_096);
        assertThat(capacity.config().send().connectionsPerHost()).isEqualTo(4_096);
        assertThat(capacity.config().queue().laneMaxInFlight()).isEqualTo(4_096);
    }

    @Test
    void staysUnderTheLimitOfOpenFiles() {
        Capacity capacity = capacity(HEAP, 1_024);

        assertThat(capacity.places()).isEqualTo(256);
        assertThat(capacity.bound()).hasToString("file descriptors");
        assertThat(capacity.config().queue().laneMaxInFlight()).isEqualTo(500);
        assertThat(capacity(HEAP, 64).places()).isEqualTo(16);
    }

    @Test
    void isWhatIsSetAsFarAsThereAreFiles() {
        environment.put("POSTHASTE_SEND_MAX_IN_FLIGHT", "20000");
        environment.put("POSTHASTE_SEND_MAX_IN_FLIGHT_PER_HOST", "300");
        environment.put("POSTHASTE_QUEUE_LANE_MAX_IN_FLIGHT", "7");

        assertThat(capacity(HEAP, FILES).bound()).hasToString("send.max-in-flight");
        assertThat(capacity(HEAP, FILES).config().send().maxInFlightPerHost()).isEqualTo(300);
        assertThat(capacity(HEAP, FILES).config().send().connectionsPerHost()).isEqualTo(300);
        assertThat(capacity(HEAP, FILES).config().queue().laneMaxInFlight()).isEqualTo(7);
        assertThat(capacity(HEAP, 20_000).places()).isEqualTo(9_744);
    }

    private Capacity capacity(long heap, long descriptors) {
        return Capacity.of(ConfigLoader.load(null, environment), heap, descriptors);
    }
}
