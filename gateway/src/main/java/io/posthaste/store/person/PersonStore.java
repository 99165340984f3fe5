package io.posthaste.store.person;

import io.lettuce.core.protocol.CommandType;
import io.posthaste.job.Person;
import io.posthaste.redis.LuaScript;
import io.posthaste.redis.RedisLink;
import io.posthaste.redis.Shards;
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
    private final Shards shards;
    private final LuaScript save = LuaScript.load("store/person.lua");

    /** @param created whether nothing was stored before */
    public record Saved(Person person, boolean created) {}

    public PersonStore(RedisLink redis, Shards shards) {
        this.redis = redis;
        this.shards = shards;
    }

    /** As they are now: {@link Person#unknown} when nothing is stored. */
    public Mono<Person> current(String id) {
        return find(id).defaultIfEmpty(Person.unknown(id));
    }

    /** Empty when nothing is stored; {@link DamagedRecord} when what is stored was not written by Posthaste. */
    public Mono<Person> find(String id) {
        return Mono.fromCompletionStage(() -> redis.send(CommandType.HMGET, key(id), "version", "attributes"))
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
        return Mono.fromCompletionStage(() -> redis.send(CommandType.DEL, key(id)))
                .map(Long.valueOf(1)::equals);
    }

    private Mono<Saved> save(String id, String version, byte[] attributes) {
        byte[] key = key(id).getBytes(StandardCharsets.UTF_8);
        List<byte[]> arguments = List.of(version.getBytes(StandardCharsets.US_ASCII), attributes);
        return Mono.fromCompletionStage(() -> save.run(redis, key, arguments))
                .mapNotNull(reply -> saved(id, attributes, (Object[]) reply));
    }

    private static @Nullable Saved saved(String id, byte[] attributes, @Nullable Object[] reply) {
        String version = text(reply[0]);
        return version.isEmpty()
                ? null
                : new Saved(new Person(id, Long.parseLong(version), attributes), Objects.equals(reply[1], 1L));
    }

    private static @Nullable Person person(String id, @Nullable Object[] reply) {
        if (reply[0] == null && reply[1] == null) {
            return null;
        }
        String version = text(reply[0]);
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

    private String key(String id) {
        return shards.at(id).person(id);
    }
}
