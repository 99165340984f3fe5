package io.posthaste.deliver.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.job.Job;
import io.posthaste.job.Lease;
import io.posthaste.job.RenderedRequest;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SlotsTest {
    private final Slots slots = new Slots(100, 4_000, 1_000);

    @Test
    void aBodyIsHeldFourTimes() {
        slots.take(lease(600, null));

        assertThat(slots.freeBytes()).isEqualTo(400);
        assertThat(slots.takenBytes()).isEqualTo(2_400);
    }

    @Test
    void aFrozenRequestCountsBesideItsData() {
        slots.take(lease(100, new RenderedRequest("POST", "https://a.example/", List.of(), new byte[300])));

        assertThat(slots.freeBytes()).isEqualTo(600);
    }

    @Test
    void whatIsLeasedIsTakenEvenIfItDoesNotFit() {
        slots.take(lease(900, null));
        slots.take(lease(900, null));

        assertThat(slots.freeBytes()).isNegative();
        assertThat(slots.taken()).isEqualTo(2);
    }

    @Test
    void theOneThatMakesRoomSaysSoOnce() {
        List<Slots.Permit> permits = List.of(slots.take(lease(600, null)), slots.take(lease(600, null)));

        assertThat(permits.get(0).giveBack()).as("there was none before").isTrue();
        assertThat(permits.get(0).giveBack()).as("given back already").isFalse();
        assertThat(permits.get(1).giveBack()).as("there was some").isFalse();
        assertThat(slots.freeBytes()).isEqualTo(1_000);
        assertThat(slots.taken()).isZero();
    }

    private static Lease lease(int bytes, @Nullable RenderedRequest frozen) {
        Job job = Job.of("job", "crm", new byte[bytes], Job.Terms.of("job"), 0);
        return new Lease(job, new Lease.Hold("0", "1-0", 1, Instant.EPOCH), Lease.Past.NONE, frozen, false, false);
    }
}
