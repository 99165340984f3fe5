package io.posthaste.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.posthaste.job.Attempt;
import io.posthaste.job.Outcome;
import io.posthaste.job.RenderedRequest;
import io.posthaste.metrics.ActionTally;
import io.posthaste.metrics.ActionTally.Figure;
import io.posthaste.queue.upkeep.ActionFigures;
import io.posthaste.queue.upkeep.ActionFigures.Period;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;

/** Figures of actions by period (M83). */
class FiguresApiIT {
    private static final RenderedRequest REQUEST = new RenderedRequest("POST", "", List.of(), new byte[0]);

    @AutoClose
    private static final RunningApi api = new RunningApi();

    @BeforeAll
    static void start() {
        api.put("/v1/actions/crm", "{'url':'https://h.example/'}");
        api.put("/v1/actions/idle", "{'url':'https://h.example/'}");
    }

    @Test
    void everyOutcomeIsCountedOnceByHourAndByDayAndInstancesAddUp() {
        ActionTally other = new ActionTally();
        ActionFigures otherInstance =
                new ActionFigures(api.connections, RunningApi.settings(), other, Schedulers.parallel());
        count(api.tally);
        count(other);
        api.figures.write().block();
        otherInstance.write().block();
        api.figures.write().block();

        for (String period : List.of("hour", "day")) {
            JsonNode metrics =
                    api.get("/v1/actions/crm/metrics?period=" + period).body();
            JsonNode total = metrics.path("total");
            assertThat(total.path("sent").asInt()).isEqualTo(4);
            assertThat(total.path("conversion").asInt()).isEqualTo(2);
            assertThat(total.path("attempted").asInt()).isEqualTo(2);
            assertThat(total.path("failed").asInt()).isEqualTo(4);
            assertThat(total.path("drafted").asInt()).isEqualTo(2);
            assertThat(total.path("answers").path("2xx").asInt()).isEqualTo(4);
            assertThat(total.path("answers").path("4xx").asInt()).isEqualTo(2);
            assertThat(total.path("answers").path("5xx").asInt()).isZero();
            assertThat(total.path("answers").path("none").asInt()).isEqualTo(2);
            assertThat(metrics.path("periods")).hasSize(period.equals("hour") ? 24 : 30);
        }
    }

    @Test
    void whatIsCancelledByHandIsCountedToo() {
        api.put("/v1/actions/unwanted", "{'url':'https://h.example/'}");
        api.post("/v1/deliveries", "{'id':'gone','action':'unwanted','data':{},'at':" + RunningApi.LATER + "}");
        api.queue().claim(0).block();
        api.post("/v1/deliveries/gone/cancel", "");

        assertThat(api.get("/v1/actions/unwanted/metrics")
                        .body()
                        .path("total")
                        .path("cancelled")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void whatRedisDoesNotTakeIsKeptForTheNextTimeHoweverManyLanesThereAre() {
        List<String> lanes = IntStream.range(0, 500).mapToObj(i -> "lane-" + i).toList();
        try (RunningApi own = new RunningApi()) {
            own.server.kill();
            lanes.forEach(lane -> own.tally.settled(lane, new Outcome.Skipped()));
            assertThat(own.figures.write().onErrorComplete().block(Duration.ofSeconds(20)))
                    .isNull();
            own.server.restart();

            Awaitility.await().ignoreExceptions().until(() -> {
                own.figures.write().block(Duration.ofSeconds(20));
                return true;
            });
            assertThat(lanes).allMatch(lane -> skipped(own, lane) == 1);
        }
    }

    private static long skipped(RunningApi own, String lane) {
        return own.figures.of(lane, Period.HOUR, System.currentTimeMillis()).blockOptional().orElseThrow().stream()
                .mapToLong(bucket -> bucket.figures().getOrDefault(Figure.SKIPPED, 0L))
                .sum();
    }

    @Test
    void anActionThatDidNothingHasZeroesAndOneThatIsNotHasNone() {
        assertThat(api.get("/v1/actions/idle/metrics")
                        .body()
                        .path("total")
                        .path("sent")
                        .asInt(-1))
                .isZero();
        assertThat(api.get("/v1/actions/nope/metrics").status()).isEqualTo(404);
        assertThat(api.get("/v1/actions/idle/metrics?period=year").status()).isEqualTo(400);
    }

    private static void count(ActionTally tally) {
        tally.settled("crm", new Outcome.Delivered(attempt(200), REQUEST, true));
        tally.settled("crm", new Outcome.Delivered(attempt(204), REQUEST, false));
        tally.settled("crm", new Outcome.Retry(attempt(0), Duration.ZERO, null));
        tally.settled("crm", new Outcome.Failed(attempt(404), "HTTP 404", null));
        tally.settled("crm", new Outcome.Failed(null, "unknown action", null));
        tally.settled("crm", new Outcome.Drafted(REQUEST, false));
        tally.settled("crm", new Outcome.Released(Duration.ZERO));
        tally.settled("other", new Outcome.Skipped());
    }

    private static Attempt attempt(int status) {
        return new Attempt(1, 0, status, 5, "", "");
    }
}
