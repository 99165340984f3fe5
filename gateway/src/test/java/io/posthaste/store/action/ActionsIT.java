package io.posthaste.store.action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.posthaste.action.Action;
import io.posthaste.json.StrictJson;
import io.posthaste.testing.ConnectedRedis;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

class ActionsIT {
    @AutoClose
    private static final ConnectedRedis REDIS = new ConnectedRedis();

    private final ActionCodec codec = new ActionCodec();
    private final AtomicLong nanos = new AtomicLong();
    private ActionStore elsewhere;
    private Actions actions;

    @BeforeEach
    void twoInstances() {
        REDIS.commands.flushall();
        elsewhere = new ActionStore(REDIS.others.admin(), codec);
        actions = new Actions(new ActionStore(REDIS.connections.admin(), codec), Schedulers.parallel(), nanos::get);
    }

    @AfterEach
    void stop() {
        actions.stop();
    }

    @Test
    void anActionIsReadOnceAndThenAtHand() {
        elsewhere.save(action("a", "https://h/")).block();

        assertThat(actions.cached("a")).isEmpty();
        Action found = value(actions.find("a"));
        long reads = calls("lindex");

        assertThat(actions.cached("a")).contains(found);
        assertThat(actions.find("a").block()).isSameAs(found);
        assertThat(calls("lindex")).isEqualTo(reads);
    }

    @Test
    void changesMadeElsewhereAreSeenWithinASecond() {
        elsewhere.save(action("a", "https://old/")).block();
        actions.start();
        actions.find("a").block();

        elsewhere.save(action("a", "https://new/")).block();
        await().atMost(Duration.ofSeconds(1))
                .until(() -> actions.cached("a").map(Action::url).orElse("").equals("https://new/"));

        elsewhere.delete("a").block();
        await().atMost(Duration.ofSeconds(1)).until(() -> actions.find("a").block() == null);
    }

    @Test
    void onlyWhatChangedAndIsInUseIsReadAgain() {
        for (int i = 0; i < 20; i++) {
            elsewhere.save(action("a" + i, "https://h/")).block();
        }
        actions.refresh().block();
        Flux.range(0, 10).concatMap(i -> actions.find("a" + i)).blockLast();
        long reads = calls("lindex");

        elsewhere.save(action("a3", "https://new/")).block();
        elsewhere.save(action("a15", "https://new/")).block();
        actions.refresh().block();

        assertThat(value(actions.find("a3")).url()).isEqualTo("https://new/");
        // Two saves look at the head they replace, one action is read again.
        assertThat(calls("lindex") - reads).isEqualTo(3);
    }

    @Test
    void aWriterSeesItsOwnWriteAfterARefresh() {
        elsewhere.save(action("a", "https://old/")).block();
        actions.refresh().block();
        actions.find("a").block();

        elsewhere
                .save(action("a", "https://new/"))
                .delayUntil(saved -> actions.refresh())
                .block();

        assertThat(value(actions.find("a")).url()).isEqualTo("https://new/");
    }

    @Test
    void anUnknownActionIsFoundTheMomentItExists() {
        assertThat(actions.find("late").block()).isNull();

        elsewhere.save(action("late", "https://h/")).block();

        assertThat(actions.find("late").block()).isNotNull();
    }

    @Test
    void allWhoAskForAnUnknownActionShareTheReads() {
        long reads = calls("lindex");

        Flux.range(0, 10_000).flatMap(i -> actions.find("none"), 10_000).blockLast();

        assertThat(calls("lindex") - reads).isLessThan(2_000);
    }

    @Test
    void anotherHistoryInRedisMakesEverythingBeReadAgain() {
        elsewhere.save(action("a", "https://old/")).block();
        elsewhere.save(action("b", "https://old/")).block();
        actions.refresh().block();
        actions.find("a").block();

        REDIS.commands.flushall();
        actions.refresh().block();

        assertThat(actions.find("a").block()).isNull();
    }

    @Test
    void anActionIsLookedUpAgainAfterFiveMinutesWhateverHappens() {
        elsewhere.save(action("a", "https://h/")).block();
        actions.find("a").block();

        nanos.addAndGet(Duration.ofMinutes(5).toNanos() + 1);

        assertThat(actions.cached("a")).isEmpty();
    }

    @Test
    void anActionThatCannotBeUsedSaysWhyAndIsNotRemembered() {
        elsewhere.save(action("a", "https://h/")).block();
        REDIS.commands.lset("posthaste:{actions}:action:a", 0, "{\"version\":1,\"url\":7}");
        assertThatThrownBy(() -> actions.find("a").block()).isInstanceOf(InvalidAction.class);
        assertThat(actions.cached("a")).isEmpty();

        elsewhere.save(action("a", "https://h/")).block();

        assertThat(value(actions.find("a")).version()).isEqualTo(2);
    }

    private static long calls(String command) {
        Matcher calls =
                Pattern.compile("cmdstat_" + command + ":calls=(\\d+)").matcher(REDIS.commands.info("commandstats"));
        return calls.find() ? Long.parseLong(calls.group(1)) : 0;
    }

    private static <T> T value(Mono<T> mono) {
        return Objects.requireNonNull(mono.block());
    }

    private Action action(String id, String url) {
        return codec.read(id, new StrictJson().read("{\"url\":\"" + url + "\"}"))
                .valid();
    }
}
