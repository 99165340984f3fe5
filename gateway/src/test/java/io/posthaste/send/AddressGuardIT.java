package io.posthaste.send;

import static io.posthaste.send.Sending.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.posthaste.job.NoAnswerCause;
import io.posthaste.job.Reply;
import io.posthaste.send.address.AddressNotPermittedException;
import io.posthaste.send.address.AddressPolicy;
import io.posthaste.send.address.DialGuard;
import io.posthaste.testing.RawServer;
import java.io.File;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag(Sending.WATCHED)
class AddressGuardIT {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String OK = "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";

    private final RawServer server = RawServer.start(RawServer.always(OK));

    @AfterEach
    void close() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.0.0.1.",
                "[::ffff:127.0.0.1]",
                "[::ffff:7f00:1]",
                "[::127.0.0.1]",
                "[0:0:0:0:0:ffff:7f00:0001]",
                "[::1]",
                "0.0.0.0",
                "[::]",
                "127.255.255.254",
                "１２７.０.０.１"
            })
    void literalsOfThisMachineAreNeverDialled(String host) {
        try (Sending sending = Sending.guarded()) {
            assertNotPermitted(sending.get("http://" + host + ":" + server.port() + "/"));
        }

        assertThat(server.connectionCount()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"127.1", "2130706433", "0", "0177.0.0.1", "0x7f.1", "[::1%25lo]", "localhost", "a.localhost"})
    void otherSpellingsOfThisMachineAreInvalid(String host) {
        try (Sending sending = Sending.guarded()) {
            Reply reply = sending.get("http://" + host + ":" + server.port() + "/");

            assertThat(reply).isInstanceOfSatisfying(Reply.NoAnswer.class, none -> {
                assertThat(none.cause()).isEqualTo(NoAnswerCause.INVALID_REQUEST);
                assertThat(none.detail()).startsWith("invalid URL after rendering: ");
            });
        }

        assertThat(server.connectionCount()).isZero();
    }

    @Test
    void aNameThatPointsInsideIsNotDialled() throws Exception {
        Names names = new Names().answer("inside.test", List.of("127.0.0.1", "::1", "::ffff:127.0.0.1", "10.0.0.1"));
        try (Sending sending = Sending.with(names, List.of(), PATIENCE)) {
            assertNotPermitted(sending.get("http://inside.test:" + server.port() + "/"));
        }

        assertThat(server.connectionCount()).isZero();
    }

    @Test
    void ofMixedAnswersOnlyThePermittedAreDialled() throws Exception {
        Names names = new Names().answer("mixed.test", List.of("10.0.0.1", "169.254.169.254", "127.0.0.1"));
        try (Sending sending = Sending.with(names, List.of("127.0.0.1"), PATIENCE)) {
            assertThat(sending.get("http://mixed.test:" + server.port() + "/")).isInstanceOf(Reply.Answered.class);
        }

        assertThat(server.takeRequest()).contains("host: mixed.test:" + server.port() + "\r\n");
    }

    @Test
    void aFailedDialDoesNotFallBackToARefusedAddress() throws Exception {
        // 127.0.0.2 stands for a public address that refuses connections: the server listens on 127.0.0.1 only.
        Names names = new Names().answer("fallback.test", List.of("127.0.0.2", "127.0.0.1"));
        try (Sending sending = Sending.with(names, List.of("127.0.0.2"), PATIENCE)) {
            assertThat(causeOf(sending.get("http://fallback.test:" + server.port() + "/")))
                    .isEqualTo(NoAnswerCause.CONNECT);
        }

        assertThat(server.connectionCount()).isZero();
    }

    @Test
    void aFailedDialFallsBackToTheNextPermittedAddress() throws Exception {
        Names names = new Names().answer("fallback.test", List.of("127.0.0.2", "127.0.0.1"));
        try (Sending sending = Sending.with(names, List.of("127.0.0.2", "127.0.0.1"), PATIENCE)) {
            assertThat(sending.get("http://fallback.test:" + server.port() + "/"))
                    .isInstanceOf(Reply.Answered.class);
        }
    }

    @Test
    void aNameThatMovesInsideIsRefusedAtTheNextConnection() throws Exception {
        Names names =
                new Names().answer("rebind.test", List.of("127.0.0.1")).answer("rebind.test", List.of("127.0.0.3"));
        try (Sending sending = Sending.with(names, List.of("127.0.0.1"), PATIENCE)) {
            String url = "http://rebind.test:" + server.port() + "/";
            assertThat(sending.get(url)).isInstanceOf(Reply.Answered.class);
            server.takeRequest();

            assertNotPermitted(sending.get(url));
        }

        assertThat(names.asked()).containsExactly("rebind.test", "rebind.test");
        assertThat(server.connectionCount()).isEqualTo(1);
    }

    @Test
    void theDialItselfIsGuardedWhateverTheResolverSaid() throws Exception {
        var group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        ChannelFuture dialled = new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .handler(new DialGuard(AddressPolicy.publicOnly()::permits))
                .connect("127.0.0.1", server.port())
                .await();

        assertThat(dialled.cause()).isInstanceOf(AddressNotPermittedException.class);
        assertThat(dialled.channel().closeFuture().await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(server.connectionCount()).isZero();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
    }

    @Test
    void refusedAttemptsLeakNoFileDescriptors() throws Exception {
        Names names = new Names().answer("inside.test", List.of("127.0.0.1"));
        try (Sending sending = Sending.with(names, List.of(), PATIENCE)) {
            refuseBoth(sending, 10);
            int before = openFiles();

            refuseBoth(sending, 100);

            assertThat(openFiles()).isLessThan(before + 10);
        }
    }

    @Test
    void aNameNobodyKnowsIsADnsError() throws Exception {
        try (Sending sending = Sending.with(new Names(), List.of(), PATIENCE)) {
            Reply reply = sending.get("http://unknown.test/");

            assertThat(causeOf(reply)).isEqualTo(NoAnswerCause.DNS);
            assertThat(((Reply.NoAnswer) reply).detail()).isEqualTo("dns_error");
        }
    }

    @Test
    void aSlowNameServerIsNotWaitedForLongerThanItsTimeout() throws Exception {
        Names names = new Names().answer("slow.test", List.of());
        try (Sending sending = Sending.with(names, List.of(), Duration.ofMillis(200))) {
            Reply reply = sending.send(request("GET", "http://slow.test/", ""), Duration.ofSeconds(10));

            assertThat(causeOf(reply)).isEqualTo(NoAnswerCause.DNS);
            assertThat(reply.elapsedMillis()).isBetween(150L, 5_000L);
        }
    }

    @Test
    void theDeadlineCoversTheLookUp() throws Exception {
        Names names = new Names().answer("slow.test", List.of());
        try (Sending sending = Sending.with(names, List.of(), PATIENCE)) {
            Reply reply = sending.send(request("GET", "http://slow.test/", ""), Duration.ofMillis(200));

            assertThat(causeOf(reply)).isEqualTo(NoAnswerCause.TIMEOUT);
        }
    }

    @Test
    void aNameIsAskedAsItIsWrittenAndNoSearchDomainIsAdded() throws Exception {
        Names names = new Names().answer("redis", List.of("127.0.0.1"));
        try (Sending sending = Sending.with(names, List.of(), PATIENCE)) {
            assertNotPermitted(sending.get("http://redis/"));
        }

        assertThat(names.asked()).containsExactly("redis");
    }

    @Test
    void openAndClosedPortsInsideLookTheSame() {
        try (Sending sending = Sending.guarded()) {
            Reply open = sending.get("http://127.0.0.1:" + server.port() + "/");
            Reply closed = sending.get("http://127.0.0.1:10081/");

            assertThat(((Reply.NoAnswer) open).detail()).isEqualTo(((Reply.NoAnswer) closed).detail());
        }
    }

    @Test
    void proxySettingsOfTheEnvironmentHaveNoEffect() {
        System.setProperty("http.proxyHost", "127.0.0.1");
        System.setProperty("http.proxyPort", String.valueOf(server.port()));
        try (Sending sending = Sending.guarded()) {
            assertNotPermitted(sending.get("http://10.0.0.1/"));
        } finally {
            System.clearProperty("http.proxyHost");
            System.clearProperty("http.proxyPort");
        }

        assertThat(server.connectionCount()).isZero();
    }

    private void refuseBoth(Sending sending, int times) {
        for (int i = 0; i < times; i++) {
            assertNotPermitted(sending.get("http://127.0.0.1:" + server.port() + "/"));
            assertNotPermitted(sending.get("http://inside.test:" + server.port() + "/"));
        }
    }

    private static int openFiles() {
        return Objects.requireNonNull(new File("/proc/self/fd").list()).length;
    }

    private static NoAnswerCause causeOf(Reply reply) {
        assertThat(reply).isInstanceOf(Reply.NoAnswer.class);
        return ((Reply.NoAnswer) reply).cause();
    }

    private static void assertNotPermitted(Reply reply) {
        assertThat(causeOf(reply)).isEqualTo(NoAnswerCause.ADDRESS_NOT_PERMITTED);
        assertThat(((Reply.NoAnswer) reply).detail()).isEqualTo("address_not_permitted");
    }
}
