package io.posthaste.redis.layout;

import io.posthaste.redis.Shards;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The layout that this gateway acts by. Whatever depends on where something belongs is done within {@link #using}: a step
 * of a change counts as known here when all that began before it has ended, so that nobody has to guess how long a command
 * may be under way.
 */
public final class Layouts {
    private final @Nullable LayoutStore store;
    private final List<Consumer<Layout>> followers = new CopyOnWriteArrayList<>();
    private final List<Era> past = new ArrayList<>();
    private volatile Era era;

    /** A layout, and what is under way by it. */
    private static final class Era {
        private final Layout layout;
        private final AtomicInteger users = new AtomicInteger();

        Era(Layout layout) {
            this.layout = layout;
        }

        Layout layout() {
            return layout;
        }

        AtomicInteger users() {
            return users;
        }

        void leave() {
            users.decrementAndGet();
        }
    }

    public Layouts(LayoutStore store, Layout first) {
        this.store = store;
        this.era = new Era(first);
    }

    private Layouts(Layout only) {
        this.store = null;
        this.era = new Era(only);
    }

    /** Of a keyspace that nobody changes. */
    public static Layouts fixed(Shards shards) {
        return new Layouts(Layout.of(shards));
    }

    /** As it is now; what is done by it elsewhere than in {@link #using} may be late. */
    public Layout now() {
        return era.layout();
    }

    /** Does what depends on the layout. The next phase does not begin before this has ended. */
    public <T> Mono<T> using(Function<Layout, Mono<T>> act) {
        return Mono.using(this::enter, entered -> act.apply(entered.layout()), Era::leave);
    }

    private Era enter() {
        while (true) {
            Era entered = era;
            entered.users().incrementAndGet();
            if (entered == era) {
                return entered;
            }
            entered.leave();
        }
    }

    /** Called with each new layout before it is acted by, on a thread that may block. */
    public void follow(Consumer<Layout> follower) {
        followers.add(follower);
    }

    /** Reads it anew, and acts by it from then on. */
    public Mono<Layout> refresh() {
        return store == null
                ? Mono.just(now())
                : store.read()
                        .flatMap(read -> read.epoch() == now().epoch()
                                ? Mono.just(read)
                                : Mono.fromCallable(() -> adopt(read)).subscribeOn(Schedulers.boundedElastic()));
    }

    private synchronized Layout adopt(Layout read) {
        if (read.epoch() != now().epoch()) {
            followers.forEach(follower -> follower.accept(read));
            past.add(era);
            era = new Era(read);
        }
        return read;
    }

    /** The epoch that everything here goes by; an earlier one as long as something of it is under way. */
    public synchronized long epoch() {
        past.removeIf(earlier -> earlier.users().get() == 0);
        return past.stream()
                .mapToLong(earlier -> earlier.layout().epoch())
                .min()
                .orElse(now().epoch());
    }
}
