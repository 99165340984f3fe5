package io.posthaste.queue.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthaste.job.Attempt;
import io.posthaste.job.AttributeUpdate;
import io.posthaste.job.Delivery;
import io.posthaste.job.DeliveryState;
import io.posthaste.job.Header;
import io.posthaste.job.Job;
import io.posthaste.job.Recipient;
import io.posthaste.job.RenderedRequest;
import io.posthaste.job.SecretValues;
import io.posthaste.queue.RedisShard;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CodecTest {
    private static final RenderedRequest REQUEST = new RenderedRequest(
            "POST",
            "https://user:pw@example.com/ä?x=1",
            List.of(new Header("X-A", ""), new Header("X-A", "ü\t1")),
            new byte[] {0, 1, -1, 13, 10});

    private static final FrozenRequests REQUESTS = new FrozenRequests(RedisShard.SEALER);

    @Test
    void aRequestWithSecretsIsSealedForItsDeliveryAndComesBackWithThem() {
        RenderedRequest secret = REQUEST.renderedWith(SecretValues.of(List.of("pw", "ü")));
        byte[] sealed = REQUESTS.encode("job-1", secret);

        assertThat(REQUESTS.decode("job-1", ByteBuffer.wrap(sealed)))
                .usingRecursiveComparison()
                .isEqualTo(secret);
        assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("example.com", "X-A");
        assertThatThrownBy(() -> REQUESTS.decode("job-2", ByteBuffer.wrap(sealed)))
                .isInstanceOf(DamagedRecordException.class)
                .hasMessage("damaged record: request job-2 was changed since it was encrypted");
    }

    @Test
    void aRequestWithoutSecretsIsKeptInClear() {
        assertThat(REQUESTS.encode("job-1", REQUEST)).isEqualTo(RequestCodec.encode(REQUEST));
        assertThat(REQUESTS.decode("job-1", ByteBuffer.wrap(RequestCodec.encode(REQUEST))))
                .usingRecursiveComparison()
                .isEqualTo(REQUEST);
    }

    @Test
    void everyDamageToASealedRequestIsNoticed() {
        byte[] sealed = REQUESTS.encode("job-1", REQUEST.renderedWith(SecretValues.of(List.of("pw"))));
        for (int i = 1; i < sealed.length; i++) {
            byte[] damaged = sealed.clone();
            damaged[i] ^= 4;
            byte[] cut = Arrays.copyOf(sealed, i);
            assertThatThrownBy(() -> REQUESTS.decode("job-1", ByteBuffer.wrap(damaged)))
                    .isInstanceOf(DamagedRecordException.class);
            assertThatThrownBy(() -> REQUESTS.decode("job-1", ByteBuffer.wrap(cut)))
                    .isInstanceOf(DamagedRecordException.class);
        }
    }

    @Test
    void aFrozenRequestComesBackByteForByte() {
        RenderedRequest back = RequestCodec.decode(ByteBuffer.wrap(RequestCodec.encode(REQUEST)));

        assertThat(back).usingRecursiveComparison().isEqualTo(REQUEST);
    }

    @Test
    void everyDamageToAFrozenRequestIsNoticedOrHarmless() {
        byte[] whole = RequestCodec.encode(REQUEST);
        for (int length = 0; length < whole.length; length++) {
            ByteBuffer cut = ByteBuffer.wrap(Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> RequestCodec.decode(cut)).isInstanceOf(DamagedRecordException.class);
        }
        long seed = 7;
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            byte[] damaged = whole.clone();
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            try {
                RequestCodec.decode(ByteBuffer.wrap(damaged));
            } catch (DamagedRecordException expected) {
                assertThat(expected).hasMessageStartingWith("damaged record");
            }
        }
    }

    @Test
    void attemptsComeBackInOrderWithExcerptsCutBetweenCharacters() {
        Attempt second = new Attempt(2, 20, 0, 4_000, "timeout after 4 s", "");
        Attempt first = new Attempt(1, 10, 503, 12, "HTTP 503", "ü".repeat(2_000));
        ByteBuffer log = ByteBuffer.allocate(8_192)
                .put(AttemptCodec.encode(second))
                .put(AttemptCodec.encode(first))
                .flip();

        List<Attempt> back = AttemptCodec.decodeAll(log);

        assertThat(back.get(1)).isEqualTo(second);
        assertThat(back.get(0).excerpt()).isEqualTo("ü".repeat(512));
        assertThat(AttemptCodec.decodeAll(ByteBuffer.wrap(new byte[] {1, 2, 3})))
                .isEmpty();
    }

    @Test
    void aHistoryRecordTellsTheDelivery() {
        Job job = Job.of("j1", "crm", new byte[0], Job.Terms.of("key"), 1_700_000_000_123L);
        Attempt attempt = new Attempt(1, 5, 200, 12, "", "thanks");
        byte[] record = HistoryRecord.encode(
                job, Recipient.UNKNOWN, DeliveryState.SENT, "", AttributeUpdate.State.FAILED, attempt);
        ByteBuffer in = ByteBuffer.wrap(record);

        assertThat(in.getShort()).isEqualTo((short) (record.length - 2));
        Delivery back = Objects.requireNonNull(HistoryRecord.decode(in, 1_700_000_000_456L));

        assertThat(back.id()).isEqualTo("j1");
        assertThat(back.action()).isEqualTo("crm");
        assertThat(back.key()).isEqualTo("key");
        assertThat(back.attributeUpdate()).isEqualTo(AttributeUpdate.State.FAILED);
        assertThat(back.state()).isEqualTo(DeliveryState.SENT);
        assertThat(back.enqueuedAtMillis()).isEqualTo(1_700_000_000_123L);
        assertThat(back.updatedAtMillis()).isEqualTo(1_700_000_000_456L);
        assertThat(back.attempts()).containsExactly(attempt);
    }

    @Test
    void aStateThatIsNoneReadsAsNew() {
        assertThat(JobState.decode("garbage".getBytes(StandardCharsets.UTF_8))).isEqualTo(JobState.NEW);
        assertThat(JobState.decode(new byte[40])).isEqualTo(JobState.NEW);
    }

    @Test
    void aDamagedParkedBodyIsNoticed() {
        for (byte[] text :
                List.of(new byte[0], new byte[] {1}, new byte[] {2, 0, 0}, new byte[] {1, 0, 0, 0, 0, 0, 0})) {
            assertThatThrownBy(() -> JobBody.parked("1-0", text, REQUESTS)).isInstanceOf(DamagedRecordException.class);
        }
    }
}
