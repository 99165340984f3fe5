package io.posthaste.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.audit.AuditTrail;
import io.posthaste.http.Access;
import io.posthaste.http.AccessTokens;
import io.posthaste.http.AdminServer;
import io.posthaste.http.AdminServer.Limits;
import io.posthaste.http.Api;
import io.posthaste.http.Guard;
import io.posthaste.http.HostRule;
import io.posthaste.http.Response;
import io.posthaste.http.Route;
import io.posthaste.http.RouteTable;
import io.posthaste.job.SecretValues;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class SlowClientIT {
    private static final Limits QUICK = new Limits(
            256, Duration.ofMillis(400), Duration.ofMillis(700), Duration.ofMillis(600), Duration.ofMillis(300));

    private static AdminServer server;
    private static InetSocketAddress address;

    @BeforeAll
    static void start() {
        RouteTable routes = new RouteTable(List.of(
                Route.of("POST", "/echo", Access.OPEN, call -> Mono.just(Response.text("text/plain", "done")))));
        server = new AdminServer(
                "127.0.0.1",
                0,
                false,
                QUICK,
                port -> new Api(
                        new Guard(
                                new HostRule("127.0.0.1", port, List.of()),
                                routes,
                                AccessTokens.admin("t"),
                                50,
                                System::nanoTime),
                        () -> "id",
                        () -> SecretValues.NONE,
                        failure -> null,
                        System::nanoTime,
                        AuditTrail.NONE));
        address = server.start();
    }

    @AfterAll
    static void stop() {
        server.stop();
    }

    @Test
    void aHeadThatDripsIsCutOff() throws IOException {
        assertThat(drip("POST /echo HTTP/1.1\r\n", "X: y\r\n")).isEmpty();
    }

    @Test
    void aClientThatSaysNothingIsCutOff() throws IOException {
        try (Socket socket = connect()) {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void aBodyThatDripsIsCutOff() throws IOException {
        String head =
                "POST /echo HTTP/1.1\r\nHost: 127.0.0.1:" + address.getPort() + "\r\nContent-Length: 1000\r\n\r\n";

        assertThat(drip(head, "x")).doesNotContain("200 OK");
    }

    @Test
    void aKeptConnectionThatIsIdleIsClosed() throws IOException {
        String request =
                "POST /echo HTTP/1.1\r\nHost: 127.0.0.1:" + address.getPort() + "\r\nContent-Length: 0\r\n\r\n";
        try (Socket socket = connect()) {
            for (int i = 0; i < 3; i++) {
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
            }

            String answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

            assertThat(answers.split("200 OK", -1)).hasSize(4);
        }
    }

    /** Sends {@code begin}, then {@code drop} every 100 ms until the server has had enough; answers what it said. */
    private static String drip(String begin, String drop) throws IOException {
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            out.write(begin.getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < 100 && socket.getInputStream().available() == 0; i++) {
                out.write(drop.getBytes(StandardCharsets.US_ASCII));
                LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            }
            assertThat(socket.getInputStream().available())
                    .as("still taken after 10 s")
                    .isPositive();
            return RunningApi.readAll(socket);
        } catch (SocketException cutOff) {
            return "";
        }
    }

    private static Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.connect(address, 1_000);
        socket.setSoTimeout(5_000);
        return socket;
    }
}
