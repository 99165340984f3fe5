package io.posthaste.redis.layout;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.redis.Keyspace;
import io.posthaste.redis.Shards;
import io.posthaste.testing.ConnectedRedis;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** The layout in Redis, and what a gateway makes of it. */
class LayoutsIT {
    @AutoClose
    private final ConnectedRedis redis = new ConnectedRedis();

    private final LayoutStore store = new LayoutStore(redis.connections);

    @BeforeEach
    void make() {
        Keyspace.open(redis.connections, 2);
    }

    private Layout read() {
        return Objects.requireNonNull(store.read().block());
    }

    private String meta(String field) {
        return String.valueOf(redis.commands.hget("posthaste:meta", field));
    }

    @Test
    void aChangeGoesThroughItsPhasesAndProducersSeeTheNewTagsWhenJobsGoByThem() {
        Shards before = read().to();
        Shards after = before.grownTo(8);
        List<String> seen = new ArrayList<>();

        assertThat(store.begin(read(), after).block()).isTrue();
        do {
            seen.add(read().phase() + " " + meta("shards") + " " + meta("order") + " " + meta("version"));
            assertThat(meta("tags")).isEqualTo(read().now().tags());
            assertThat(store.advance(read()).block()).isTrue();
        } while (read().isChanging());

        assertThat(seen)
                .containsExactly(
                        "PREPARING 2 null changing",
                        "HOLDING 2 wait changing",
                        "MOVING 8 null changing",
                        "FINISHING 8 null changing");
        assertThat(read()).isEqualTo(new Layout(5, Phase.SETTLED, before, after, false));
        assertThat(meta("version")).isEqualTo("1");
        store.forget(read()).block();
        assertThat(read()).isEqualTo(new Layout(6, Phase.SETTLED, after, after, false));
    }

    @Test
    void ofTwoWhoTakeTheSameStepOneIsFirst() {
        Layout settled = read();

        assertThat(store.begin(settled, settled.to().grownTo(4)).block()).isTrue();
        assertThat(store.begin(settled, settled.to().grownTo(16)).block()).isFalse();

        assertThat(read().to().count()).isEqualTo(4);
    }

    @Test
    void aStepCountsAsKnownWhenWhatBeganBeforeItHasEnded() {
        Layouts layouts = new Layouts(store, read());
        Sinks.Empty<Void> end = Sinks.empty();
        layouts.using(layout -> end.asMono()).subscribe();
        store.begin(read(), read().to().grownTo(4)).block();
        List<Phase> followed = new ArrayList<>();
        layouts.follow(layout -> followed.add(layout.phase()));

        assertThat(Objects.requireNonNull(layouts.refresh().block()).phase()).isEqualTo(Phase.PREPARING);
        assertThat(layouts.using(layout -> Mono.just(layout.phase())).block()).isEqualTo(Phase.PREPARING);
        assertThat(layouts.epoch()).isZero();
        end.tryEmitEmpty();

        assertThat(layouts.epoch()).isEqualTo(1);
        assertThat(followed).containsExactly(Phase.PREPARING);
    }

    @Test
    void aStepThatCannotBeServedIsNotTaken() {
        Layouts layouts = new Layouts(store, read());
        layouts.follow(layout -> {
            throw new IllegalStateException("no connection");
        });
        store.begin(read(), read().to().grownTo(4)).block();

        assertThat(layouts.refresh().onErrorComplete().blockOptional()).isEmpty();

        assertThat(layouts.now().phase()).isEqualTo(Phase.SETTLED);
        assertThat(layouts.epoch()).isZero();
    }

    @Test
    void whatIsNoLayoutIsNotActedBy() {
        Layouts layouts = new Layouts(store, read());
        redis.commands.hset("posthaste:meta", "epoch", "9");
        redis.commands.hset("posthaste:meta", "tags", "0,x}:{y");

        assertThat(layouts.refresh().blockOptional()).isEmpty();
        assertThat(layouts.now().epoch()).isZero();
    }
}
