package io.posthaste.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.lettuce.core.protocol.CommandType;
import io.posthaste.deliver.limit.HostLimits;
import io.posthaste.host.HostWatch;
import io.posthaste.job.Attempt;
import io.posthaste.job.Outcome;
import io.posthaste.job.RenderedRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Hosts of this gateway and of others, over real Redis. */
class HostApiIT {
    private static final RenderedRequest REQUEST = new RenderedRequest("POST", "", List.of(), new byte[0]);

    @Test
    void whatNeedsSomebodyComesFirstAndTrafficAndNamesSortToo() {
        try (RunningApi api = new RunningApi()) {
            attempts(api.limits, "busy.example:443", 200, 30);
            attempts(api.limits, "calm.example:443", 200, 1);
            attempts(api.limits, "dead.example:443", 0, 2);

            assertThat(hosts(api, "")).containsExactly("dead.example:443", "busy.example:443", "calm.example:443");
            assertThat(hosts(api, "?sort=traffic"))
                    .containsExactly("busy.example:443", "dead.example:443", "calm.example:443");
            assertThat(hosts(api, "?sort=name&limit=1")).containsExactly("busy.example:443");
            assertThat(hosts(api, "?q=CALM")).containsExactly("calm.example:443");
            JsonNode dead = api.get("/v1/hosts/dead.example").body();
            assertThat(dead.path("trouble").asText()).isEqualTo("silent");
            assertThat(dead.at("/errors/0/reason").asText()).isEqualTo("timeout after 4 s");
            assertThat(dead.at("/errors/0/count").asInt()).isEqualTo(2);
            assertThat(dead.at("/last_error/reason").asText()).isEqualTo("timeout after 4 s");
        }
    }

    @Test
    void gatewaysTellEachOtherAndAHostIsTheSumOfThem() {
        try (RunningApi api = new RunningApi()) {
            HostLimits theirs = new HostLimits(1_000, 256, 1 << 20, System::nanoTime);
            HostWatch other = api.hostWatch("there-2", theirs);
            api.gateways = List.of("here-1", "there-2", "silent-3");
            attempts(api.limits, "shared.example:443", 200, 3);
            attempts(theirs, "shared.example:443", 0, 2);
            attempts(theirs, "theirs.example:443", 200, 1);
            other.turn().block();

            JsonNode list = api.get("/v1/hosts").body();
            JsonNode shared = api.get("/v1/hosts/shared.example:443").body();

            assertThat(list.path("total").asInt()).isEqualTo(2);
            assertThat(list.path("gateway").asText()).isEqualTo("here-1");
            assertThat(texts(list.path("gateways"))).containsExactly("here-1", "there-2", "silent-3");
            assertThat(texts(list.path("heard"))).containsExactly("here-1", "there-2");
            assertThat(shared.path("attempts").asInt()).isEqualTo(5);
            assertThat(shared.path("failed").asInt()).isEqualTo(2);
            assertThat(shared.path("trouble").asText()).isEqualTo("silent");
            assertThat(shared.path("by_gateway").findValuesAsText("gateway")).containsExactly("here-1", "there-2");
        }
    }

    @Test
    void ofManyHostsOthersHearOfTheFirstHundred() {
        try (RunningApi api = new RunningApi()) {
            HostLimits theirs = new HostLimits(10_000, 256, 1 << 20, System::nanoTime);
            HostWatch other = api.hostWatch("there-2", theirs);
            api.gateways = List.of("here-1", "there-2");
            IntStream.range(0, 150).forEach(i -> attempts(theirs, "h" + i + ".example:443", 200, 1));
            attempts(theirs, "dead.example:443", 0, 1);
            other.turn().block();

            JsonNode list = api.get("/v1/hosts?limit=500").body();

            assertThat(list.path("total").asInt()).isEqualTo(100);
            assertThat(list.at("/hosts/0/host").asText()).isEqualTo("dead.example:443");
        }
    }

    @Test
    void whatIsInRedisIsNobodysWord() {
        try (RunningApi api = new RunningApi()) {
            api.gateways = List.of("here-1", "odd-1", "odd-2", "odd-3", "odd-4");
            attempts(api.limits, "mine.example:443", 200, 1);
            write(api, "odd-1", "[{\"host\":");
            write(api, "odd-2", "[null,{},{\"host\":\"\"},{\"host\":\"odd.example:443\",\"times\":[1],\"colour\":7}]");
            write(api, "odd-3", "[" + "{\"host\":\"long.example:1\"},".repeat(10_000) + "{}]");
            api.connections
                    .admin()
                    .send(CommandType.HSET, "posthaste:{0}:hosts:odd-4", "a", "b")
                    .toCompletableFuture()
                    .join();

            assertThat(hosts(api, "?sort=name")).containsExactly("mine.example:443", "odd.example:443");
        }
    }

    @Test
    void secretsInAHostAreHiddenBeforeAnybodyHearsOfThem() {
        try (RunningApi api = new RunningApi()) {
            api.vault.refresh().block();
            api.put("/v1/secrets/tenant", "{'value':'acme-4711'}");
            attempts(api.limits, "acme-4711.example:443", 0, 1);

            assertThat(hosts(api, "")).containsExactly("***.example:443");
            api.hosts.turn().block();
            Object word = api.connections
                    .admin()
                    .send(CommandType.GET, "posthaste:{0}:hosts:here-1")
                    .toCompletableFuture()
                    .join();
            assertThat(new String((byte[]) Objects.requireNonNull(word), StandardCharsets.UTF_8))
                    .contains("***.example:443")
                    .doesNotContain("acme-4711");
        }
    }

    @Test
    void whatNobodyKnowsAndWhatIsNoQuestionIsToldByName() {
        try (RunningApi api = new RunningApi()) {
            assertThat(api.get("/v1/hosts/nobody.example").status()).isEqualTo(404);
            assertThat(api.get("/v1/hosts?sort=age").body().path("detail").asText())
                    .startsWith("sort: ");
            assertThat(api.get("/v1/hosts?q=" + "a".repeat(101))
                            .body()
                            .path("detail")
                            .asText())
                    .startsWith("q: ");
            assertThat(api.get("/v1/hosts?limit=0").body().path("detail").asText())
                    .startsWith("limit: ");
        }
    }

    private static List<String> hosts(RunningApi api, String query) {
        return api.get("/v1/hosts" + query).body().path("hosts").findValuesAsText("host");
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static void write(RunningApi api, String gateway, String word) {
        api.connections
                .admin()
                .send(CommandType.SET, "posthaste:{0}:hosts:" + gateway, word)
                .toCompletableFuture()
                .join();
    }

    /** @param status 0 for no answer */
    private static void attempts(HostLimits limits, String host, int status, int count) {
        for (int i = 0; i < count; i++) {
            Attempt attempt = new Attempt(1, 1_000, status, 5, status == 0 ? "timeout after 4 s" : "", "");
            HostLimits.Place place = (HostLimits.Place) limits.enter(host, "lane", 1);
            place.leave(
                    status == 200
                            ? new Outcome.Delivered(attempt, REQUEST, false)
                            : new Outcome.Retry(attempt, Duration.ZERO, null));
        }
    }
}
