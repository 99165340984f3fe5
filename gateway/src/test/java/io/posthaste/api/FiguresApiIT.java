package io.posthaste.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.lettuce.core.protocol.CommandType;
import io.posthaste.job.Attempt;
import io.posthaste.job.Outcome;
import io.posthaste.job.RenderedRequest;
import io.posthaste.metrics.ActionTally;
import io.posthaste.metrics.ActionTally.Figure;
import io.posthaste.queue.QueueSettings;
import io.posthaste.queue.upkeep.ActionFigures;
import io.posthaste.queue.upkeep.ActionFigures.Period;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
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
                new ActionFigures(api.connections, List.of(RunningApi.settings()), other, Schedulers.parallel());
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

    @Test
    void aSpanIsOfAllActionsOrOfOneAndAddsUpOverInstances() {
        try (RunningApi own = new RunningApi()) {
            ActionTally other = new ActionTally();
            ActionFigures otherInstance =
                    new ActionFigures(own.connections, List.of(RunningApi.settings()), other, Schedulers.parallel());
            count(own.tally);
            count(other);
            own.figures.write().block();
            otherInstance.write().block();

            for (String span : List.of("15m", "24h", "7d")) {
                JsonNode all = own.get("/v1/figures?span=" + span).body();
                assertThat(all.at("/total/sent").asInt()).as(span).isEqualTo(4);
                assertThat(all.at("/total/skipped").asInt()).as(span).isEqualTo(2);
                assertThat(all.at("/total/answers/none").asInt()).as(span).isEqualTo(2);
                assertThat(all.at("/total/p99_ms").asInt()).as(span).isEqualTo(5);
            }
            JsonNode one = own.get("/v1/figures?span=7d&action=crm").body();
            assertThat(one.at("/total/sent").asInt()).isEqualTo(4);
            assertThat(one.at("/total/skipped").asInt()).isZero();
            assertThat(one.at("/total/p50_ms").asInt()).isEqualTo(5);
        }
    }

    @Test
    void figuresOfAShardThatIsAddedLaterAreInTheSum() {
        QueueSettings first = RunningApi.settings().on("first", 1);
        QueueSettings added = RunningApi.settings().on("added", 1);
        List<QueueSettings> shards = new CopyOnWriteArrayList<>(List.of(first));
        ActionFigures figures = new ActionFigures(api.connections, shards, new ActionTally(), Schedulers.parallel());
        ActionTally there = new ActionTally();
        there.settled("grown", new Outcome.Skipped());
        new ActionFigures(api.connections, List.of(added), there, Schedulers.parallel())
                .write()
                .block();

        assertThat(skipped(figures)).isZero();

        shards.add(added);

        assertThat(skipped(figures)).isEqualTo(1);
    }

    private static long skipped(ActionFigures figures) {
        return Objects.requireNonNull(figures.of("grown", ActionFigures.Period.DAY, System.currentTimeMillis())
                        .block())
                .stream()
                .mapToLong(day -> day.figures().get(ActionTally.Figure.SKIPPED))
                .sum();
    }

    @Test
    void aPeriodInWhichNobodyCountedIsUnknownAndAQuietOneIsNot() {
        try (RunningApi own = new RunningApi()) {
            assertThat(own.get("/v1/figures?span=24h").body().path("periods"))
                    .hasSize(24)
                    .allMatch(period -> period.path("figures").isNull());

            own.figures.start();

            Awaitility.await().untilAsserted(() -> {
                JsonNode periods =
                        own.get("/v1/figures?span=24h&action=idle").body().path("periods");
                assertThat(periods.path(23).at("/figures/sent").asInt(-1)).isZero();
                assertThat(periods.path(22).path("figures").isNull()).isTrue();
            });
            own.figures.close();
        }
    }

    @Test
    void aSpanOrActionThatIsNoneIsRefusedByName() {
        assertThat(api.get("/v1/figures?span=1y").body().path("detail").asText())
                .startsWith("span: ");
        assertThat(api.get("/v1/figures?action=a+b").body().path("detail").asText())
                .startsWith("action: ");
        assertThat(api.get("/v1/figures?span=15m&action=crm")
                        .body()
                        .path("detail")
                        .asText())
                .startsWith("action: minutes are kept of all");
    }

    @Test
    void whatIsNoNumberInRedisCountsAsNothing() {
        try (RunningApi own = new RunningApi()) {
            long hour = System.currentTimeMillis() / 3_600_000 * 3_600_000;
            var redis = own.connections.admin();
            redis.send(CommandType.HSET, "posthaste:{0}:tally:hour:" + hour, "* sent", "many", "* failed", "-1")
                    .toCompletableFuture()
                    .join();
            redis.send(CommandType.SET, "posthaste:{0}:tally:hour-times:" + hour, "no hash")
                    .toCompletableFuture()
                    .join();

            JsonNode total = own.get("/v1/figures").body().path("total");

            assertThat(total.path("sent").asInt(-1)).isZero();
            assertThat(total.path("failed").asInt(-1)).isZero();
            assertThat(total.path("p50_ms").isNull()).isTrue();
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
