package io.posthaste.deliver;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Lets work on one person wait for the work on them that came before: updates that raced each other would all but one
 * be made again. Who waits holds a delivery's slot, so that the slots bound them. Nobody may give up waiting.
 */
final class Turns {
    private final ConcurrentHashMap<String, Deque<MonoSink<String>>> waiting = new ConcurrentHashMap<>();

    <T> Mono<T> inTurn(String person, Mono<T> work) {
        return Mono.usingWhen(turn(person), mine -> work, mine -> Mono.fromRunnable(() -> pass(mine)));
    }

    /** People on whom work is under way. */
    int size() {
        return waiting.size();
    }

    private Mono<String> turn(String person) {
        return Mono.create(sink -> {
            if (isFirst(person, sink)) {
                sink.success(person);
            }
        });
    }

    /** Otherwise the sink waits behind the others. */
    private boolean isFirst(String person, MonoSink<String> sink) {
        AtomicBoolean first = new AtomicBoolean();
        waiting.compute(person, (id, others) -> {
            first.set(others == null);
            Deque<MonoSink<String>> behind = others == null ? new ArrayDeque<>() : others;
            if (others != null) {
                behind.add(sink);
            }
            return behind;
        });
        return first.get();
    }

    private void pass(String person) {
        AtomicReference<@Nullable MonoSink<String>> first = new AtomicReference<>();
        waiting.computeIfPresent(person, (id, others) -> {
            first.set(others.poll());
            return first.get() == null ? null : others;
        });
        MonoSink<String> next = first.get();
        if (next != null) {
            next.success(person);
        }
    }
}
