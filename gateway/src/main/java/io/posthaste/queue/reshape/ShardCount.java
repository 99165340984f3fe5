package io.posthaste.queue.reshape;

import io.posthaste.queue.browse.Deliveries;
import io.posthaste.queue.upkeep.Membership;
import io.posthaste.redis.RedisConnections;
import io.posthaste.redis.Shards;
import io.posthaste.redis.layout.Layout;
import io.posthaste.redis.layout.LayoutStore;
import io.posthaste.redis.layout.Layouts;
import io.posthaste.store.action.ActionStore;
import io.posthaste.store.person.PersonHomes;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;

/** How many shards a keyspace has, and its change, which gateways make by themselves once it is asked for. */
public final class ShardCount {
    private final RedisConnections redis;
    private final LayoutStore store;
    private final Membership membership;
    private final ChangeNotes notes;

    public ShardCount(RedisConnections redis, LayoutStore store, Membership membership) {
        this.redis = redis;
        this.store = store;
        this.membership = membership;
        this.notes = new ChangeNotes(redis.admin());
    }

    /**
     * As it is.
     *
     * @param people who moved in the present change
     * @param lines jobs in lines that go on where they were
     * @param waitsFor gateways that do not act by the present phase yet
     */
    public record State(Layout layout, long people, long lines, List<String> waitsFor) {}

    /** Why a change is not begun, in words, with what to do. */
    public static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        /** Whether it would be right at another time. */
        private final boolean later;

        Refused(String message, boolean later) {
            super(message);
            this.later = later;
        }

        public boolean later() {
            return later;
        }
    }

    public Mono<State> state() {
        return layout().zipWith(
                        notes.read(),
                        (layout, noted) -> new State(layout, noted.people(), noted.lines(), noted.waitsFor()));
    }

    private Mono<Layout> layout() {
        return store.read()
                .switchIfEmpty(Mono.error(() -> new Refused(
                        "posthaste:meta does not say which shards there are; restore it from a backup", true)));
    }

    /** Begins a change, or lets the one to the same number go on. Fails with {@link Refused}. */
    public Mono<State> change(int count) {
        return layout().flatMap(layout -> layout.isChanging() ? goOn(layout, count) : begin(layout, count))
                .then(Mono.defer(this::state));
    }

    private Mono<Boolean> goOn(Layout layout, int count) {
        if (count != layout.to().count()) {
            return refuse(
                    "the number of shards changes from %d to %d; let that come to its end first (shards --to %d)"
                            .formatted(
                                    layout.from().count(),
                                    layout.to().count(),
                                    layout.to().count()),
                    true);
        }
        return layout.paused() ? taken(store.pause(layout, false)) : Mono.just(true);
    }

    private Mono<Boolean> begin(Layout layout, int count) {
        int now = layout.to().count();
        if (count == now) {
            return Mono.just(true);
        }
        if (count < 1 || count > Shards.MOST || Integer.bitCount(count) > 1) {
            return refuse("is %d; expected a power of two from 1 to %d".formatted(count, Shards.MOST), false);
        }
        if (count < now) {
            return refuse(
                    "is %d, and there are %d: shards can be added, not taken away; keep them, or drain this keyspace and begin one on another Redis"
                            .formatted(count, now),
                    false);
        }
        return membership
                .epochs()
                .flatMap(gateways -> tooOld(gateways).isEmpty()
                        ? notes.clear()
                                .then(taken(store.begin(layout, layout.to().grownTo(count))))
                        : refuse(
                                "gateway %s does not know how to change the number of shards; replace it by this version first"
                                        .formatted(tooOld(gateways)),
                                true));
    }

    private static String tooOld(Map<String, Long> gateways) {
        return gateways.entrySet().stream()
                .filter(gateway -> gateway.getValue() < 0)
                .map(Map.Entry::getKey)
                .collect(Collectors.joining(", "));
    }

    /** Holds the change where it is; it may be held up to the end. Fails with {@link Refused}. */
    public Mono<State> pause() {
        return layout().flatMap(layout -> layout.isChanging()
                        ? taken(store.pause(layout, true))
                        : refuse("the number of shards does not change now", true))
                .then(Mono.defer(this::state));
    }

    private static Mono<Boolean> taken(Mono<Boolean> written) {
        return written.filter(first -> first)
                .switchIfEmpty(refuse("somebody else took a step of the change just now; ask again", true));
    }

    private static <T> Mono<T> refuse(String why, boolean later) {
        return Mono.error(() -> new Refused(why, later));
    }

    /** What makes the change, to be started and closed. */
    public Reshaping reshaping(
            Layouts layouts,
            ActionStore actions,
            Deliveries deliveries,
            int laneMaxInFlight,
            Reshaping.Settings settings) {
        return new Reshaping(
                redis,
                store,
                membership,
                new Preparation(redis, actions, deliveries, laneMaxInFlight),
                new PersonHomes(redis.durable().link(), layouts),
                settings);
    }
}
