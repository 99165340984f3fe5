package io.posthaste.api;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.posthaste.http.Access;
import io.posthaste.http.Api;
import io.posthaste.http.Route;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** Who may call what, and what is written down about it (ADM-2, ADM-13). */
class RolesIT {
    @AutoClose
    private static final RunningApi api = new RunningApi();

    private static ListAppender<ILoggingEvent> log;

    @BeforeAll
    static void start() {
        log = new ListAppender<>();
        log.start();
        ((Logger) LoggerFactory.getLogger(Api.class)).addAppender(log);
    }

    @AfterAll
    static void stop() {
        ((Logger) LoggerFactory.getLogger(Api.class)).detachAppender(log);
    }

    static Stream<Route> routes() {
        return api.routes().stream();
    }

    /** A call that is let in may still be wrong; one that is not ends in 401 or 403. */
    @ParameterizedTest
    @MethodSource("routes")
    void aRouteIsOpenForItsRoleAndThoseAboveOnly(Route route) {
        String path = route.path().replaceAll("\\{[a-z_]+}", "none");
        for (Access role : Access.values()) {
            api.nanos.addAndGet(60_000_000_000L);
            int status = api.call(route.method(), path, token(role), null).status();

            if (role.includes(route.access())) {
                assertThat(status).as("%s %s as %s", route.method(), path, role).isNotIn(401, 403);
            } else {
                assertThat(status)
                        .as("%s %s as %s", route.method(), path, role)
                        .isEqualTo(role == Access.OPEN ? 401 : 403);
            }
        }
    }

    @Test
    void whatIsReadIsForReadersAndWhatIsSecretOrDecidesWhereToSendIsForAdministrators() {
        assertThat(routes().filter(route ->
                        route.method().equals("GET") && !route.path().startsWith("/bin")))
                .allMatch(route -> route.access().compareTo(Access.READ) <= 0);
        assertThat(routes().filter(route -> !route.method().equals("GET"))
                        .filter(route ->
                                route.path().matches("/v1/(secrets|snippets|signing-keys|actions/\\{id})(/[^/]*)?"))
                        .filter(route -> !route.path().matches(".*/(preview|pause|resume|run|test|metrics)"))
                        .map(Route::access))
                .isNotEmpty()
                .containsOnly(Access.ADMIN);
    }

    @Test
    void eachWriteAndEachRefusalIsOneLineThatSaysWhoAndWhatAndNoSecret() {
        log.list.clear();

        api.put("/v1/secrets/audited", "{'value':'canary-value'}");
        api.call("PUT", "/v1/secrets/audited", RunningApi.OPERATE, "{'value':'canary-value'}");
        api.call("DELETE", "/v1/secrets/audited?token=canary-value", "canary-value", null);
        api.get("/v1/secrets");
        api.delete("/v1/secrets/none");
        api.post("/v1/preview", "{'action':{'url':'https://h.example/'},'data':{}}");

        assertThat(List.copyOf(log.list).stream().map(RolesIT::line))
                .containsExactly(
                        "api.changed who=admin method=PUT path=/v1/secrets/audited status=201",
                        "api.refused who=op method=PUT path=/v1/secrets/audited status=403",
                        "api.refused who=nobody method=DELETE path=/v1/secrets/audited status=401",
                        "api.read who=admin method=GET path=/v1/secrets status=200");
    }

    @Test
    void whoIsTurnedAwayForComingTooOftenIsToldOfAndNotWithoutEnd() {
        log.list.clear();
        for (int i = 0; i < 1_000; i++) {
            api.call("GET", "/v1/stats", "a-guess-" + i, null);
        }

        List<String> lines = List.copyOf(log.list).stream().map(RolesIT::line).toList();
        assertThat(lines).contains("api.refused who=nobody method=GET path=/v1/stats status=429");
        assertThat(lines).hasSizeLessThan(100);
        api.nanos.addAndGet(Duration.ofMinutes(5).toNanos());
    }

    private static String line(ILoggingEvent event) {
        return event.getMessage()
                + event.getKeyValuePairs().stream()
                        .filter(pair -> !pair.key.equals("request") && !pair.key.equals("from"))
                        .map(pair -> " " + pair.key + "=" + pair.value)
                        .collect(Collectors.joining());
    }

    private static String token(Access role) {
        return switch (role) {
            case OPEN -> "";
            case READ -> RunningApi.READ;
            case OPERATE -> RunningApi.OPERATE;
            case ADMIN -> RunningApi.ADMIN;
        };
    }
}
