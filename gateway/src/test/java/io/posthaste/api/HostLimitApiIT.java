package io.posthaste.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.store.rate.HostRate;
import io.posthaste.store.rate.HostRates;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.scheduler.Schedulers;

class HostLimitApiIT {
    @AutoClose
    private static final RunningApi api = new RunningApi();

    @Test
    void aLimitIsCreatedReadReplacedListedAndDeleted() {
        var created = api.put("/v1/host-limits/api.partner.com", "{'max_per_second':50}");
        var replaced = api.put("/v1/host-limits/API.Partner.com", "{'max_per_second':0.5}");

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.body().path("version").asInt()).isEqualTo(1);
        assertThat(replaced.status()).isEqualTo(200);
        assertThat(replaced.body().path("version").asInt()).isEqualTo(2);
        var read = api.get("/v1/host-limits/api.partner.com");
        assertThat(read.body().path("max_per_second").asDouble()).isEqualTo(0.5);
        assertThat(read.body().path("created_at").asLong())
                .isEqualTo(created.body().path("created_at").asLong());
        assertThat(api.put("/v1/host-limits/api.partner.com", read.response().body())
                        .status())
                .isEqualTo(200);
        assertThat(api.get("/v1/host-limits").body().path("host_limits").findValuesAsText("host"))
                .containsExactly("api.partner.com");
        assertThat(api.delete("/v1/host-limits/api.partner.com").status()).isEqualTo(204);
        assertThat(api.get("/v1/host-limits/api.partner.com").status()).isEqualTo(404);
        assertThat(api.delete("/v1/host-limits/api.partner.com").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({
        "api.example.com:8443, api.example.com:8443",
        "127.0.0.1, 127.0.0.1",
        "2001:DB8:0:0::1, [2001:db8::1]",
        "a-name-that-is-longer-than-an-id-may-be.with.many.labels.below.example.com,"
                + " a-name-that-is-longer-than-an-id-may-be.with.many.labels.below.example.com"
    })
    void aHostIsKnownByOneName(String written, String host) {
        assertThat(api.put("/v1/host-limits/" + written, "{'max_per_second':1}")
                        .body()
                        .path("host")
                        .asText())
                .isEqualTo(host);
        assertThat(api.delete("/v1/host-limits/" + written).status()).isEqualTo(204);
    }

    @ParameterizedTest
    @ValueSource(strings = {"host:99999", "host:0", "a..b", ":8443", "1:2:3:4"})
    void whatIsNoHostIsRefusedByName(String written) {
        assertThat(api.put("/v1/host-limits/" + written, "{'max_per_second':1}").fields())
                .containsExactly("host");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a%2Fb", "user@host", "a%20b", "*.example.com"})
    void nothingInAPathIsDecoded(String written) {
        assertThat(api.put("/v1/host-limits/" + written, "{'max_per_second':1}").status())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'max_per_second':0}",
                "{'max_per_second':-1}",
                "{'max_per_second':0.0001}",
                "{'max_per_second':'5'}",
                "{'max_per_second':2000000}"
            })
    void aLimitThatIsNoneIsRefusedByName(String body) {
        assertThat(api.put("/v1/host-limits/bad.example", body).fields()).containsExactly("max_per_second");
        assertThat(api.get("/v1/host-limits/bad.example").status()).isEqualTo(404);
    }

    @Test
    void aLimitOfAPortIsCloserThanOneOfItsHost() {
        api.put("/v1/host-limits/near.example", "{'max_per_second':1}");
        api.put("/v1/host-limits/near.example:8443", "{'max_per_second':2}");

        assertThat(api.hostLimits.of("near.example:443"))
                .extracting(HostRate::perSecond)
                .isEqualTo(1.0);
        assertThat(api.hostLimits.of("near.example:8443"))
                .extracting(HostRate::perSecond)
                .isEqualTo(2.0);
        assertThat(api.hostLimits.of("far.example:443")).isNull();
        api.delete("/v1/host-limits/near.example");
        api.delete("/v1/host-limits/near.example:8443");
    }

    @Test
    void whatSomebodyElseWroteHidesNoOtherAndLeavesWhatWasKnown() {
        api.put("/v1/host-limits/good.example", "{'max_per_second':1}");
        api.put("/v1/host-limits/damaged.example", "{'max_per_second':3}");
        var commands = api.connections.admin().commands();
        commands.hset(bytes("posthaste:{hosts}:limits"), bytes("damaged.example"), bytes("nonsense"))
                .toCompletableFuture()
                .join();
        api.put("/v1/host-limits/good.example", "{'max_per_second':2}");

        assertThat(api.hostLimits.of("damaged.example:443"))
                .extracting(HostRate::perSecond)
                .isEqualTo(3.0);
        assertThat(api.hostLimits.of("good.example:443"))
                .extracting(HostRate::perSecond)
                .isEqualTo(2.0);
        HostRates other = new HostRates(api.connections.foreground(), Schedulers.parallel());
        other.start();
        other.stop();
        assertThat(other.all()).extracting(HostRate::host).containsExactly("good.example");
        api.delete("/v1/host-limits/good.example");
        api.delete("/v1/host-limits/damaged.example");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
