package io.posthaste.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

class TurnsTest {
    private final Turns turns = new Turns();
    private final List<String> started = new ArrayList<>();

    @Test
    void workOnOnePersonWaitsForTheWorkBefore() {
        Sinks.One<String> first = start("ada", "first");
        Sinks.One<String> second = start("ada", "second");
        start("ada", "third");
        start("bob", "other");
        assertThat(started).containsExactly("first", "other");

        first.tryEmitValue("done");
        assertThat(started).containsExactly("first", "other", "second");

        second.tryEmitError(new IllegalStateException("bug"));
        assertThat(started).containsExactly("first", "other", "second", "third");
    }

    @Test
    void nothingIsRememberedOfWhoIsDone() {
        start("ada", "first").tryEmitEmpty();

        assertThat(turns.size()).isZero();
    }

    private Sinks.One<String> start(String person, String name) {
        Sinks.One<String> work = Sinks.one();
        turns.inTurn(person, Mono.defer(() -> {
                    started.add(name);
                    return work.asMono();
                }))
                .subscribe(value -> {}, bug -> {});
        return work;
    }
}
