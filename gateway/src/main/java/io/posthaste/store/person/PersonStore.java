package io.posthaste.store.person;

import io.lettuce.core.protocol.CommandType;
import io.posthaste.job.Person;
import io.posthaste.redis.LuaScript;
import io.posthaste.redis.RedisLink;
import io.posthaste.redis.Shards;
import io.posthaste.redis.layout.Layouts;
import io.posthaste.store.DamagedRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * People and their attributes in Redis. Every write gives a person another version; deliveries, which change people
 * while they are settled, compare it, and so does {@link #replace}.
 */
public final class PersonStore {
    private final RedisLink redis;
    private final PersonHomes homes;
    private final LuaScript remove = LuaScript.load("store/remove.lua");
    private final LuaScript save = LuaScript.load("store/person.lua");

    /** @param created whether nothing was stored before */
    public record Saved(Person person, boolean created) {}

    /** Of a keyspace that nobody changes. */
    public PersonStore(RedisLink redis, Shards shards) {
        this(redis, Layouts.fixed(shards));
    }

    public PersonStore(RedisLink redis, Layouts layouts) {
        this.redis = redis;
        this.homes = new PersonHomes(redis, layouts);
    }

    /** As they are now: {@link Person#unknown} when nothing is stored. */
    public Mono<Person> current(String id) {
        return find(id).defaultIfEmpty(Person.unknown(id));
    }

    /** Empty when nothing is stored; {@link DamagedRecord} when what is stored was not written by Posthaste. */
    public Mono<Person> find(String id) {
        return homes.at(id, (layout, shard) -> read(shard.person(id), id));
    }

    private Mono<Person> read(String key, String id) {
        return Mono.fromCompletionStage(() -> redis.send(CommandType.HMGET, key, "version", "attributes"))
                .onErrorMap(failure -> DamagedRecord.of(named(id), failure))
                .mapNotNull(reply -> person(id, (Object[]) reply));
    }

    /** Stores these attributes, whatever was stored before. */
    public Mono<Saved> put(String id, byte[] attributes) {
        return save(id, "", attributes);
    }

    /** Stores the person, unless they have another version than this one by now: then empty. */
    public Mono<Saved> replace(Person person) {
        return save(person.id(), Long.toString(person.version()), person.attributes());
    }

    /** False when nothing was stored. */
    public Mono<Boolean> delete(String id) {
        return homes.at(
                        id,
                        (layout, shard) -> run(remove, shard.person(id), List.of())
                                .map(removed -> unlessMoved(id, removed, removed.equals(-1L))))
                .map(Long.valueOf(1)::equals);
    }

    private Mono<Saved> save(String id, String version, byte[] attributes) {
        List<byte[]> arguments = List.of(version.getBytes(StandardCharsets.US_ASCII), attributes);
        return homes.at(
                id,
                (layout, shard) -> run(save, shard.person(id), arguments)
                        .mapNotNull(reply -> saved(id, attributes, (Object[]) reply)));
    }

    private Mono<Object> run(LuaScript script, String key, List<byte[]> arguments) {
        return Mono.fromCompletionStage(() -> script.run(redis, key.getBytes(StandardCharsets.UTF_8), arguments));
    }

    private static <T> T unlessMoved(String id, T value, boolean moved) {
        if (moved) {
            throw new Moved(id);
        }
        return value;
    }

    private static @Nullable Saved saved(String id, byte[] attributes, @Nullable Object[] reply) {
        String version = unlessMoved(id, text(reply[0]), text(reply[0]).equals(Moved.VERSION));
        return version.isEmpty()
                ? null
                : new Saved(new Person(id, Long.parseLong(version), attributes), Objects.equals(reply[1], 1L));
    }

    private static @Nullable Person person(String id, @Nullable Object[] reply) {
        if (reply[0] == null && reply[1] == null) {
            return null;
        }
        String version = unlessMoved(id, text(reply[0]), text(reply[0]).equals(Moved.VERSION));
        if (!version.matches("[1-9][0-9]{0,17}")) {
            throw new DamagedRecord(named(id), "its version is no number");
        }
        if (!(reply[1] instanceof byte[] attributes) || !isObject(attributes)) {
            throw new DamagedRecord(named(id), "its attributes are no JSON object");
        }
        return new Person(id, Long.parseLong(version), attributes);
    }

    /** A look at its ends: whoever needs the attributes parses them. */
    private static boolean isObject(byte[] json) {
        return json.length >= 2 && json[0] == '{' && json[json.length - 1] == '}';
    }

    private static String named(String id) {
        return "person " + id;
    }

    private static String text(@Nullable Object value) {
        return value instanceof byte[] bytes ? new String(bytes, StandardCharsets.US_ASCII) : "";
    }
}
