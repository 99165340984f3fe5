package io.posthaste.queue.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.job.Attempt;
import io.posthaste.job.AttributeUpdate;
import io.posthaste.job.Delivery;
import io.posthaste.job.DeliveryState;
import io.posthaste.job.Header;
import io.posthaste.job.InlineRequest;
import io.posthaste.job.Job;
import io.posthaste.job.Recipient;
import io.posthaste.job.RenderedRequest;
import io.posthaste.job.Trip;
import io.posthaste.queue.RedisShard;
import io.posthaste.redis.LuaScript;
import io.posthaste.redis.RedisKeys;
import io.posthaste.testing.ConnectedRedis;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Java and Lua against the same bytes, {@code layouts.txt}: a gateway of the version before reads what this one writes. */
class LayoutsIT {
    @AutoClose
    private static final ConnectedRedis redis = new ConnectedRedis();

    private static final LuaScript LUA = LuaScript.load("testing/layouts.lua");
    private static final FrozenRequests REQUESTS = new FrozenRequests(RedisShard.SEALER);
    private static final Map<String, byte[]> GOLDEN = golden();

    private static final Attempt ATTEMPT = new Attempt(3, 1_700_000_000_200L, 503, 12, "HTTP 503", "ü busy");
    private static final Recipient RECIPIENT = new Recipient("1007", "a.example");
    private static final RenderedRequest REQUEST = new RenderedRequest(
            "POST", "https://a.example/ü", List.of(new Header("X-A", ""), new Header("X-B", "ü")), new byte[] {
                0, -1, 13, 10
            });

    @BeforeEach
    void clear() {
        redis.commands.flushall();
    }

    @Test
    void anAttemptIsItsBytes() {
        assertThat(AttemptCodec.encode(ATTEMPT)).isEqualTo(bytes("attempt"));
        assertThat(AttemptCodec.decodeAll(ByteBuffer.wrap(bytes("attempt")))).containsExactly(ATTEMPT);
    }

    @Test
    void anAttemptWithDetailsIsItsBytes() {
        Trip trip = new Trip("203.0.113.7:443", false, 1, 12, -1, 120, List.of(new Header("Host", "a.example")));
        Attempt detailed = ATTEMPT.with(new Attempt.Details("gw-1", trip, List.of(new Header("Retry-After", "3"))));

        assertThat(AttemptCodec.encode(detailed)).isEqualTo(bytes("attempt, detailed"));
        assertThat(AttemptCodec.decodeAll(ByteBuffer.wrap(bytes("attempt, detailed"))))
                .containsExactly(detailed);
    }

    @Test
    void aStateIsItsBytesForLuaAndForJava() {
        assertThat(lua("write state", bytes("attempt"))).isEqualTo(bytes("state"));
        assertThat(parts("read state", bytes("state")))
                .startsWith("3", "1", "2", "1", "1700000000123", "1700000000456", "HTTP 503");
        assertThat(JobState.decode(bytes("state")))
                .isEqualTo(
                        new JobState(3, 1, true, 1_700_000_000_123L, 1_700_000_000_456L, "HTTP 503", List.of(ATTEMPT)));
    }

    @Test
    void aRequestIsItsBytes() {
        assertThat(RequestCodec.encode(REQUEST)).isEqualTo(bytes("request"));
        assertThat(RequestCodec.decode(ByteBuffer.wrap(bytes("request"))))
                .usingRecursiveComparison()
                .isEqualTo(REQUEST);
    }

    @Test
    void aParkedBodyIsItsBytesForLuaAndForJava() {
        assertThat(lua("write parked", bytes("request"))).isEqualTo(bytes("parked"));
        assertThat(parts("read parked", bytes("parked"))).startsWith("j1", "crm", "1", "j1", "crm", "{\"a\":1}");
        JobBody body = JobBody.parked("1700000000123-0", bytes("parked"), REQUESTS);
        assertThat(body.job().id()).isEqualTo("j1");
        assertThat(body.job().action()).isEqualTo("crm");
        assertThat(body.frozen()).usingRecursiveComparison().isEqualTo(REQUEST);
    }

    @Test
    void aRecordOfTheHistoryIsItsBytesForLuaAndForJava() {
        assertThat(lua("write record", bytes("attempt"))).isEqualTo(bytes("record 3, no host"));
        assertThat(HistoryRecord.encode(
                        job(null),
                        RECIPIENT,
                        DeliveryState.CANCELLED,
                        "cancelled",
                        AttributeUpdate.State.NONE,
                        ATTEMPT))
                .isEqualTo(bytes("record 3"));
        assertThat(decoded("record 3").recipient()).isEqualTo(RECIPIENT);
        assertThat(decoded("record 3").attempts()).containsExactly(ATTEMPT);
    }

    @Test
    void aRecordThatNamesNobodyIsReadStill() {
        Delivery delivery = decoded("record");
        assertThat(delivery.recipient()).isEqualTo(Recipient.UNKNOWN);
        assertThat(delivery.state()).isEqualTo(DeliveryState.CANCELLED);
        assertThat(delivery.attempts()).containsExactly(ATTEMPT);
    }

    private static Delivery decoded(String name) {
        return Objects.requireNonNull(
                HistoryRecord.decode(ByteBuffer.wrap(bytes(name)).position(2).slice(), 0));
    }

    @Test
    void aBlockOfTheHistoryIsReadByLuaAsItIsWritten() {
        assertThat(parts("read block", bytes("block"))).containsExactly("7", "41", "1700000000789");
        assertThat(Arrays.copyOfRange(bytes("block"), 25, bytes("block").length))
                .isEqualTo(bytes("record"));
    }

    @Test
    void whatWasSentIsItsBytes() {
        InlineRequest inline = new InlineRequest("{\"url\":\"x\"}".getBytes(StandardCharsets.UTF_8), "grant");
        assertThat(SentRequest.encode(REQUEST, job(inline), REQUESTS)).isEqualTo(bytes("sent"));
        assertThat(SentRequest.find("j1", ByteBuffer.wrap(bytes("sent")), REQUESTS))
                .usingRecursiveComparison()
                .isEqualTo(REQUEST);
    }

    private static Job job(@Nullable InlineRequest inline) {
        return new Job(
                "j1",
                "crm",
                "crm",
                inline,
                new byte[0],
                new Job.Terms("key", false, Job.Results.FINAL, "ops"),
                1_700_000_000_123L);
    }

    private static Object lua(String what, byte[] text) {
        byte[] prefix = Bytes.of(new RedisKeys("0").prefix());
        List<byte[]> arguments = List.of(Bytes.of(500), Bytes.of(what), text);
        return LUA.run(redis.connections.admin(), prefix, arguments)
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    private static List<String> parts(String what, byte[] text) {
        return Arrays.stream((Object[]) lua(what, text))
                .map(part -> part instanceof byte[] some ? Bytes.utf8(some) : String.valueOf(part))
                .toList();
    }

    private static byte[] bytes(String name) {
        return Objects.requireNonNull(GOLDEN.get(name), name);
    }

    private static Map<String, byte[]> golden() {
        try {
            return Files.readAllLines(Path.of("src/test/resources/layouts.txt")).stream()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" \\| "))
                    .collect(Collectors.toMap(
                            columns -> columns[0], columns -> HexFormat.of().parseHex(columns[2])));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
