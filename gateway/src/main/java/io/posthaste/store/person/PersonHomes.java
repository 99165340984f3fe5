package io.posthaste.store.person;

import io.lettuce.core.RedisException;
import io.posthaste.redis.LuaScript;
import io.posthaste.redis.RedisKeys;
import io.posthaste.redis.RedisLink;
import io.posthaste.redis.layout.Layout;
import io.posthaste.redis.layout.Layouts;
import io.posthaste.redis.layout.Phase;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * On which shard people are, while that changes, too. Whoever needs a person brings them to their new shard first: they are
 * frozen on the old one, and arrive on the new one once, so that any number may do so at a time and may die in between.
 */
public final class PersonHomes {
    /** Looks at the layout for one act; each is a step of a change, which takes a second or more. */
    private static final int LOOKS = 3;

    private final RedisLink redis;
    private final Layouts layouts;
    private final LuaScript leave = LuaScript.load("store/leave.lua");
    private final LuaScript arrive = LuaScript.load("store/arrive.lua");

    public PersonHomes(RedisLink redis, Layouts layouts) {
        this.redis = redis;
        this.layouts = layouts;
    }

    Layouts layouts() {
        return layouts;
    }

    /** Does something where a person is; again where they are by then if they {@link Moved} meanwhile. */
    <T> Mono<T> at(String person, BiFunction<Layout, RedisKeys, Mono<T>> act) {
        return at(person, act, LOOKS);
    }

    private <T> Mono<T> at(String person, BiFunction<Layout, RedisKeys, Mono<T>> act, int looks) {
        return layouts.using(layout -> home(layout, person, looks < LOOKS).flatMap(home -> act.apply(layout, home)))
                .onErrorResume(
                        Moved.class,
                        moved -> looks == 0
                                ? Mono.error(new RedisException(moved.getMessage()))
                                : layouts.refresh().then(at(person, act, looks - 1)));
    }

    /** @param moved whether they were met as such: they are on their new shard, or on their way, whatever the phase */
    private Mono<RedisKeys> home(Layout layout, String person, boolean moved) {
        boolean comes = layout.moves(person) || (moved && layout.isChanging() && layout.changes(person));
        return comes && layout.phase() != Phase.FINISHING
                ? bring(layout, person).thenReturn(layout.to().at(person))
                : Mono.just(layout.now().at(person));
    }

    /**
     * Brings a person to their new shard, if they are not there yet.
     *
     * @return whether there was something to bring
     */
    public Mono<Boolean> bring(Layout layout, String person) {
        return leave(layout, person, "")
                .flatMap(frozen -> frozen instanceof Object[] record
                        ? arrive(layout, person, bytes(record[0]), bytes(record[1]))
                                .thenReturn(bytes(record[0]).length > 0)
                        : Mono.just(false));
    }

    /** They have arrived for good: nothing of them is left on the old shard but that they moved. */
    public Mono<Void> gone(Layout layout, String person) {
        return leave(layout, person, "1").then();
    }

    private Mono<Object> leave(Layout layout, String person, String gone) {
        return run(leave, layout.from().at(person), person, bytes(layout.change()), bytes(person), bytes(gone));
    }

    private Mono<Object> arrive(Layout layout, String person, byte[] version, byte[] attributes) {
        return run(arrive, layout.to().at(person), person, bytes(layout.change()), bytes(person), version, attributes);
    }

    /** A shard that knows of no such change answers nil: it is over. */
    private Mono<Object> run(LuaScript script, RedisKeys shard, String person, byte[]... arguments) {
        return Mono.fromCompletionStage(() -> script.run(redis, bytes(shard.prefix()), List.of(arguments)))
                .switchIfEmpty(Mono.error(() -> new Moved(person)));
    }

    private static byte[] bytes(@Nullable Object value) {
        return value instanceof byte[] bytes ? bytes : String.valueOf(value).getBytes(StandardCharsets.UTF_8);
    }
}
