package io.posthaste.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.posthaste.config.GatewayConfig;
import io.posthaste.config.ServerTls;
import io.posthaste.http.AdminServer;
import io.posthaste.http.UnsafeListenerException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GuardIT {
    @AutoClose
    private static final RunningApi api = new RunningApi();

    @BeforeAll
    static void start() {
        api.put("/v1/actions/a", "{'url':'https://h.example/'}");
    }

    @BeforeEach
    void minutesLater() {
        api.nanos.addAndGet(Duration.ofMinutes(5).toNanos());
    }

    @ParameterizedTest(name = "{0} → {1}")
    @CsvSource(delimiter = '|', textBlock = """
            Host: evil.test                       | 421
            Host: 127.0.0.1                       | 421
            Host: 127.0.0.1:1                     | 421
            Host: 127.0.0.1:PORT.evil.test        | 400
            X-No-Host: 1                          | 400
            Host: 127.0.0.1:PORT,Host: evil.test  | 400
            Host: 127.0.0.1:PORT                  | 200
            Host: LOCALHOST:PORT                  | 200
            Host: gw.example                      | 200
            """)
    void onlyItsOwnNamesAreServed(String headers, int status) {
        String lines = headers.replace("PORT", api.port.toString()).replace(",", "\r\n");

        assertThat(api.raw("GET /healthz HTTP/1.1\r\n" + lines + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 " + status + " ");
    }

    @ParameterizedTest(name = "{0} {1} → {2}")
    @CsvSource({
        "GET,http://evil.test/healthz,400",
        "GET,http://127.0.0.1/healthz,400",
        "OPTIONS,*,405",
        "OPTIONS,/v1/actions,405",
        "TRACE,/v1/actions,405",
        "HEAD,/healthz,405",
        "CONNECT,evil.test:443,405",
        "POST,/healthz,405",
        "PATCH,/v1/actions/a,405",
        "GET,/../../etc/passwd,404",
        "GET,/%2e%2e/etc/passwd,404",
        "GET,/v1/actions/..%2f..%2fetc,404",
        "GET,/v1/actions/a%00,404",
        "GET,/v1/actions/a;x=1,404",
        "GET,//healthz,404",
        "GET,/v1/actions/a/,404",
        "GET,/v1/actions/%61,404",
        "GET,/v1/actions/a,200",
    })
    void onlyRoutesAnswer(String method, String target, int status) {
        String answer =
                api.raw("%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: Bearer %s\r\nConnection: close\r\n\r\n"
                        .formatted(method, target, api.port.get(), RunningApi.ADMIN));

        assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
        if (status == 405) {
            assertThat(answer.toLowerCase(Locale.ROOT)).contains("\r\nallow: ");
        }
    }

    @Test
    void aMethodThatIsNotRoutedNamesThoseThatAre() {
        assertThat(api.call("PATCH", "/v1/actions/a", RunningApi.ADMIN, "{}").header("allow"))
                .isEqualTo("DELETE, GET, PUT");
    }

    @Test
    void withoutATokenNothingIsToldApart() {
        assertThat(api.call("GET", "/v1/actions/a", "", null).status()).isEqualTo(401);
        assertThat(api.call("GET", "/v1/actions/none", "", null).status()).isEqualTo(401);
        assertThat(api.call("GET", "/nowhere", "", null).status()).isEqualTo(401);
        assertThat(api.call("GET", "/metrics", "", null).status()).isEqualTo(401);
        assertThat(api.call("GET", "/v1/info/ip_addresses", "", null).header("www-authenticate"))
                .isEqualTo("Bearer");
        assertThat(api.call("GET", "/v1/actions/a?access_token=" + RunningApi.ADMIN, "", null)
                        .status())
                .isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"wrong", "admin-token-for-this-tes", "admin-token-for-this-test2", "Admin-token-for-this-test"})
    void aWrongTokenIsRefused(String token) {
        assertThat(api.call("GET", "/v1/actions", token, null).status()).isEqualTo(401);
    }

    @ParameterizedTest(name = "{0} {1} with {2} → {3}")
    @CsvSource({
        "GET,/v1/actions,read,200",
        "POST,/v1/actions/a/pause,read,403",
        "POST,/v1/deliveries,read,403",
        "PUT,/v1/actions/b,read,403",
        "PUT,/v1/actions/b,operate,403",
        "POST,/v1/actions/a/resume,operate,200",
        "GET,/v1/stats,operate,200",
    })
    void eachRoleMayDoItsPart(String method, String path, String role, int status) {
        String token = role.equals("read") ? RunningApi.READ : RunningApi.OPERATE;

        assertThat(api.call(method, path, token, method.equals("GET") ? null : "{}")
                        .status())
                .isEqualTo(status);
    }

    @Test
    void tenFailuresAMinuteAreAnsweredThenNoMore_butAGoodTokenAlwaysIs() {
        for (int i = 0; i < 10; i++) {
            assertThat(api.call("GET", "/v1/actions", "guess" + i, null).status())
                    .isEqualTo(401);
        }

        var limited = api.call("GET", "/v1/actions", "guess", null);
        assertThat(limited.status()).isEqualTo(429);
        assertThat(limited.header("retry-after")).isEqualTo("60");
        assertThat(api.get("/v1/actions").status()).isEqualTo(200);

        api.nanos.addAndGet(Duration.ofSeconds(7).toNanos());
        assertThat(api.call("GET", "/v1/actions", "guess", null).status()).isEqualTo(401);
    }

    @Test
    void writesAreLimitedAndReadsAreNot() {
        int refused = 0;
        for (int i = 0; i < 510; i++) {
            refused += api.call("POST", "/v1/actions/none/pause", RunningApi.ADMIN, "")
                                    .status()
                            == 429
                    ? 1
                    : 0;
        }

        assertThat(refused).isEqualTo(10);
        assertThat(api.get("/v1/actions").status()).isEqualTo(200);
    }

    @Test
    void everyAnswerTellsBrowsersToKeepAway() {
        for (var answer : List.of(
                api.get("/v1/actions"), api.call("GET", "/healthz", "", null), api.call("GET", "/x", "", null))) {
            assertThat(answer.header("content-security-policy")).startsWith("default-src 'none'");
            assertThat(answer.header("x-content-type-options")).isEqualTo("nosniff");
            assertThat(answer.header("cache-control")).isEqualTo("no-store");
            assertThat(answer.header("referrer-policy")).isEqualTo("no-referrer");
            assertThat(answer.header("x-request-id")).startsWith("id-");
            assertThat(answer.response().headers().map().keySet())
                    .noneMatch(name -> name.startsWith("access-control") || name.equals("server"));
        }
    }

    @Test
    void aProblemCarriesTheRequestsName() {
        var problem = api.get("/v1/actions/none");

        assertThat(problem.body().path("request_id").asText()).isEqualTo(problem.header("x-request-id"));
        assertThat(problem.body().path("status").asInt()).isEqualTo(404);
        assertThat(problem.body().path("title").asText()).isEqualTo("Not found");
    }

    @Test
    void aBodyBeyondOneMebibyteIsRefused_announcedOrNot() {
        String head = "PUT /v1/actions/big HTTP/1.1\r\nHost: 127.0.0.1:" + api.port + "\r\nAuthorization: Bearer "
                + RunningApi.ADMIN + "\r\n";
        String chunk = "10000\r\n" + "x".repeat(0x10000) + "\r\n";

        assertThat(api.raw(head + "Content-Length: 99999999999\r\n\r\n")).startsWith("HTTP/1.1 413 ");
        assertThat(api.raw(head + "Content-Length: 16777216\r\n\r\n" + "x".repeat(16 << 20)))
                .as("all of it is written before the answer is read")
                .startsWith("HTTP/1.1 413 ");
        assertThat(api.raw(head + "Content-Length: 1048577\r\n\r\n" + "x".repeat((1 << 20) + 1)))
                .startsWith("HTTP/1.1 413 ");
        assertThat(api.raw(head + "Transfer-Encoding: chunked\r\n\r\n" + chunk.repeat(17) + "0\r\n\r\n"))
                .startsWith("HTTP/1.1 413 ");
        assertThat(api.put("/v1/actions/big", " ".repeat((1 << 20) - 30) + "{'url':'https://h.example/'}")
                        .status())
                .isEqualTo(201);
    }

    @Test
    void aLongRequestLineOrHeadIsRefused() {
        String host = " HTTP/1.1\r\nHost: 127.0.0.1:" + api.port + "\r\n";

        assertThat(api.raw("GET /" + "a".repeat(5_000) + host + "\r\n")).startsWith("HTTP/1.1 414 ");
        assertThat(api.raw("GET /healthz" + host + "X: " + "a".repeat(9_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431 ");
        assertThat(api.raw("GET /healthz" + host + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ");
    }

    @Test
    void connectionsThatSayNothingLeaveRoomForOthersAndAreBounded() throws IOException {
        List<Socket> idle = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                Socket socket = new Socket();
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), api.port.get()), 1_000);
                socket.getOutputStream().write("GET /healthz HTTP/1.1\r\nX: ".getBytes(StandardCharsets.US_ASCII));
                idle.add(socket);
            }

            assertThat(api.get("/v1/stats").status()).isEqualTo(200);
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }

    /** As many as there may be say nothing; health checks are answered, others are told why not. */
    @Test
    void beyondTheLimitOnlyHealthChecksAreAnswered() throws Exception {
        List<Socket> idle = new ArrayList<>();
        try {
            for (int i = 0; i < 512; i++) {
                Socket socket = new Socket();
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), api.port.get()), 1_000);
                idle.add(socket);
            }
            await().untilAsserted(() -> assertThat(answer("/v1/stats")).startsWith("HTTP/1.1 503 "));

            assertThat(answer("/v1/stats")).contains("too many connections to the API");
            assertThat(answer("/healthz")).startsWith("HTTP/1.1 200 ");
            assertThat(answer("/readyz")).startsWith("HTTP/1.1 200 ");
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
        await().untilAsserted(() -> assertThat(answer("/v1/stats")).startsWith("HTTP/1.1 401 "));
    }

    private static String answer(String path) {
        return api.raw("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + api.port + "\r\nConnection: close\r\n\r\n");
    }

    @Test
    void withoutAProxyOnlyLoopbackIsListenedOn() {
        assertThatThrownBy(() -> listenOn("0.0.0.0", false))
                .isInstanceOf(UnsafeListenerException.class)
                .hasMessageContaining("admin.behind-proxy");
        assertThatThrownBy(() -> listenOn("::", false)).isInstanceOf(UnsafeListenerException.class);
        assertThatCode(() -> listenOn("0.0.0.0", true)).doesNotThrowAnyException();
        assertThatCode(() -> listenOn("localhost", false)).doesNotThrowAnyException();
    }

    private static void listenOn(String host, boolean behindProxy) {
        var listen = new GatewayConfig.Admin(
                host,
                0,
                null,
                Path.of("unused"),
                Path.of("unused"),
                List.of(),
                behindProxy,
                50,
                List.of(),
                ServerTls.NONE);
        new AdminServer(listen.host(), 0, listen.behindProxy(), AdminServer.Limits.DEFAULT, port -> {
            throw new AssertionError("not started");
        });
    }
}
