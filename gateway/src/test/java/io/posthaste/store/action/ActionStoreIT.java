package io.posthaste.store.action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthaste.action.Action;
import io.posthaste.json.StrictJson;
import io.posthaste.testing.ConnectedRedis;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class ActionStoreIT {
    @AutoClose
    private static final ConnectedRedis REDIS = new ConnectedRedis();

    private final ActionCodec codec = new ActionCodec();
    private ActionStore store;

    @BeforeEach
    void emptyStore() {
        REDIS.commands.flushall();
        store = new ActionStore(REDIS.connections.admin(), codec);
    }

    @Test
    void aReplacementIsTheNextVersionAndKeepsTheTimeOfCreation() {
        Action first = value(store.save(action("zendesk", "https://one/")));
        Action second = value(store.save(action("zendesk", "https://two/")));

        assertThat(first.version()).isEqualTo(1);
        assertThat(first.createdAtMillis()).isPositive().isEqualTo(first.updatedAtMillis());
        assertThat(second.version()).isEqualTo(2);
        assertThat(second.createdAtMillis()).isEqualTo(first.createdAtMillis());
        assertThat(store.find("zendesk").block()).isEqualTo(second);
        assertThat(store.versions("zendesk").block()).containsExactly(second, first);
    }

    @Test
    void concurrentReplacementsEachGetAVersionOfTheirOwn() {
        var other = new ActionStore(REDIS.others.admin(), codec);

        List<Integer> versions = Flux.range(0, 300)
                .flatMap(i -> (i % 2 == 0 ? store : other).save(action("a", "https://h/" + i)), 64)
                .map(Action::version)
                .collectList()
                .block();

        assertThat(versions)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, 300).boxed().toList());
        assertThat(store.versions("a").block())
                .extracting(Action::version)
                .containsExactlyElementsOf(IntStream.rangeClosed(201, 300)
                        .map(i -> 501 - i)
                        .boxed()
                        .toList());
    }

    @Test
    void whatIsNotThereIsEmpty() {
        assertThat(store.find("none").block()).isNull();
        assertThat(store.versions("none").block()).isEmpty();
        assertThat(store.delete("none").block()).isFalse();
        assertThat(store.lastChange().block()).isZero();
    }

    @Test
    void aDeletedActionIsGoneWithItsVersions() {
        store.save(action("a", "https://h/")).block();

        assertThat(store.delete("a").block()).isTrue();

        assertThat(store.find("a").block()).isNull();
        assertThat(value(store.list(null, 10)).actions()).isEmpty();
        assertThat(value(store.save(action("a", "https://h/"))).version()).isEqualTo(1);
    }

    @Test
    void pagesFollowEachOtherInTheOrderOfIds() {
        for (String id : List.of("b", "a.1", "c", "B", "a")) {
            store.save(action(id, "https://h/")).block();
        }

        var first = value(store.list(null, 2));
        var second = value(store.list(first.cursor(), 2));
        var third = value(store.list(second.cursor(), 2));

        assertThat(ids(first)).containsExactly("B", "a");
        assertThat(ids(second)).containsExactly("a.1", "b");
        assertThat(ids(third)).containsExactly("c");
        assertThat(third.cursor()).isNull();
    }

    @Test
    void anEntryThatCannotBeUsedDoesNotHideTheOthers() {
        store.save(action("a", "https://h/")).block();
        store.save(action("b", "https://h/")).block();
        REDIS.commands.lset("posthaste:{actions}:action:a", 0, "{\"version\":1,\"url\":7}");

        assertThat(ids(value(store.list(null, 10)))).containsExactly("b");
        assertThatThrownBy(() -> store.find("a").block()).isInstanceOf(InvalidAction.class);
    }

    @Test
    void scriptsAreLoadedAgainWhenRedisForgotThem() {
        store.save(action("a", "https://h/")).block();
        REDIS.commands.scriptFlush();

        assertThat(value(store.save(action("a", "https://h/"))).version()).isEqualTo(2);
        REDIS.commands.scriptFlush();
        assertThat(store.delete("a").block()).isTrue();
    }

    @Test
    void textSurvivesAsItWasWritten() {
        Action written = codec.read(
                        "a",
                        new StrictJson()
                                .read(
                                        "{\"url\":\"https://h/\",\"body\":\"Zoë \\u6771 \\ud83c\\udf89 \\u0000 \\\"%s%d\\\\ \\r\\n\"}"))
                .valid();

        assertThat(value(store.save(written)).body()).isEqualTo("Zoë 東 🎉 \0 \"%s%d\\ \r\n");
    }

    private static List<String> ids(ActionStore.Page page) {
        return page.actions().stream().map(Action::id).toList();
    }

    private static <T> T value(Mono<T> mono) {
        return Objects.requireNonNull(mono.block());
    }

    private Action action(String id, String url) {
        return codec.read(id, new StrictJson().read("{\"url\":\"" + url + "\"}"))
                .valid();
    }
}
