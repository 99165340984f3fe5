package io.posthaste.deliver.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.job.Job;
import io.posthaste.job.Lease;
import io.posthaste.send.AnswerRoom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerBytesTest {
    private final Slots slots = new Slots(100, 4_000, 1_000);
    private final List<String> served = new ArrayList<>();

    @Test
    void anAnswerThatHasNoRoomIsServedWhenAnotherDeliveryEnds() {
        Slots.Permit first = permit();
        Slots.Permit second = permit();
        Slots.Permit third = permit();
        assertThat(reserve(first, "a", 500)).isTrue();
        assertThat(reserve(second, "b", 500)).isTrue();
        assertThat(reserve(third, "c", 500)).isFalse();

        first.giveBack();

        assertThat(served).containsExactly("c");
    }

    @Test
    void oneHostHasHalfAtMost() {
        Slots.Permit first = permit();
        assertThat(reserve(first, "a", 300)).isTrue();
        assertThat(reserve(permit(), "a", 300)).isFalse();
        assertThat(reserve(permit(), "b", 300)).isTrue();

        first.giveBack();

        assertThat(served).containsExactly("a");
    }

    @Test
    void anAnswerMayBeLargerThanAllThereIs() {
        assertThat(reserve(permit(), "a", 5_000)).isTrue();
    }

    @Test
    void whoeverIsGoneIsNotServed() {
        Slots.Permit first = permit();
        Slots.Permit second = permit();
        Slots.Permit third = permit();
        reserve(first, "a", 1_000);
        reserve(second, "b", 600);
        reserve(third, "c", 600);
        second.giveBack();

        first.giveBack();

        assertThat(served).containsExactly("c");
        third.giveBack();
        assertThat(reserve(permit(), "d", 1_000)).isTrue();
    }

    private boolean reserve(Slots.Permit permit, String host, long bytes) {
        AnswerRoom room = permit.answersOf(host);
        return room.reserve(bytes, () -> served.add(host));
    }

    private Slots.Permit permit() {
        Job job = Job.of("job", "crm", new byte[1], Job.Terms.of("job"), 0);
        Lease lease = Lease.first(job, new Lease.Hold("0", "1-0", 1, Instant.EPOCH));
        return slots.take(lease);
    }
}
