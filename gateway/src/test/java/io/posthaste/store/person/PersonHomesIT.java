package io.posthaste.store.person;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.job.AppliedUpdate;
import io.posthaste.job.Applying;
import io.posthaste.job.Attempt;
import io.posthaste.job.Job;
import io.posthaste.job.Lease;
import io.posthaste.job.Person;
import io.posthaste.redis.Keyspace;
import io.posthaste.redis.RedisKeys;
import io.posthaste.redis.Shards;
import io.posthaste.redis.layout.Layout;
import io.posthaste.redis.layout.LayoutStore;
import io.posthaste.redis.layout.Layouts;
import io.posthaste.redis.layout.Phase;
import io.posthaste.testing.ConnectedRedis;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** People while one shard becomes four: found by gateways of either layout, whoever is killed on the way. */
class PersonHomesIT {
    private static final String WHO = IntStream.range(0, 100)
            .mapToObj(n -> "person-" + n)
            .filter(id -> Shards.ONE.grownTo(4).indexOf(id) != 0)
            .findFirst()
            .orElseThrow();

    /** The end of a lease, epoch us. */
    private static final long IN_2096 = 4_000_000_000_000_000L;

    private static final Lease LEASE = Lease.first(
            Job.of("j", "a", bytes("{}"), Job.Terms.of("j"), 0),
            new Lease.Hold("0", "1700000000000-0", IN_2096, Instant.MAX));

    @AutoClose
    private final ConnectedRedis redis = new ConnectedRedis();

    private final LayoutStore store = new LayoutStore(redis.connections);
    private final RedisKeys before = Shards.ONE.at(WHO);
    private final RedisKeys after = Shards.ONE.grownTo(4).at(WHO);

    private Layouts late = Layouts.fixed(Shards.ONE);
    private Layouts moving = Layouts.fixed(Shards.ONE);
    private PersonStore byLate = people(late);
    private PersonStore byMoving = people(moving);

    @BeforeEach
    void begin() {
        Keyspace.open(redis.connections, 1);
        store.begin(read(), Shards.ONE.grownTo(4)).block();
        store.advance(read()).block();
        late = new Layouts(store, read());
        byLate = people(late);
        store.advance(read()).block();
        moving = new Layouts(store, read());
        byMoving = people(moving);
        read().serving().all().forEach(shard -> redis.commands.hset(shard.meta(), "moving", "4"));
    }

    private PersonStore people(Layouts layouts) {
        return new PersonStore(redis.connections.admin(), layouts);
    }

    private Layout read() {
        return got(store.read());
    }

    private static <T> T got(Mono<T> value) {
        return Objects.requireNonNull(value.block());
    }

    private PersonHomes homes() {
        return new PersonHomes(redis.connections.admin(), moving);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String attributes(PersonStore people) {
        return got(people.find(WHO)
                .map(person -> new String(person.attributes(), StandardCharsets.UTF_8))
                .defaultIfEmpty("nobody"));
    }

    @Test
    void whoeverReadsAPersonBringsThemWithTheirVersion() {
        long version =
                got(byLate.put(WHO, bytes("{\"plan\":\"basic\"}"))).person().version();

        Person found = got(byMoving.find(WHO));

        assertThat(found.version()).isEqualTo(version);
        assertThat(redis.commands.hget(after.person(WHO), "attributes")).isEqualTo("{\"plan\":\"basic\"}");
        assertThat(redis.commands.hget(before.person(WHO), "version")).isEqualTo("moved");
    }

    @Test
    void aGatewayThatIsLateFindsThemToo() {
        byLate.put(WHO, bytes("{\"n\":1}")).block();
        byMoving.put(WHO, bytes("{\"n\":2}")).block();

        assertThat(late.now().phase()).isEqualTo(Phase.HOLDING);
        assertThat(attributes(byLate)).isEqualTo("{\"n\":2}");
        assertThat(late.now().phase()).isEqualTo(Phase.MOVING);
    }

    @Test
    void oneWhoWasFrozenByAGatewayThatWasKilledArrives() {
        byLate.put(WHO, bytes("{\"n\":1}")).block();
        String version = redis.commands.hget(before.person(WHO), "version");
        redis.commands.hset(before.person(WHO), Map.of("version", "moved", "was", version));

        assertThat(attributes(byMoving)).isEqualTo("{\"n\":1}");
    }

    @Test
    void oneWhoIsBroughtASecondTimeStaysAsTheyAreByThen() {
        byLate.put(WHO, bytes("{\"n\":1}")).block();
        homes().bring(moving.now(), WHO).block();
        byMoving.delete(WHO).block();

        assertThat(homes().bring(moving.now(), WHO).block()).isTrue();

        assertThat(attributes(byMoving)).isEqualTo("nobody");
        homes().gone(moving.now(), WHO).block();
        assertThat(homes().bring(moving.now(), WHO).block()).isFalse();
        assertThat(redis.commands.hgetall(before.person(WHO))).isEqualTo(Map.of("version", "moved"));
    }

    @Test
    void oneWhoIsNewIsMadeOnTheirNewShardByBoth() {
        byMoving.put(WHO, bytes("{\"n\":1}")).block();

        assertThat(byLate.delete(WHO).block()).isTrue();
        assertThat(got(byLate.put(WHO, bytes("{\"n\":2}"))).created()).isTrue();

        assertThat(attributes(byMoving)).isEqualTo("{\"n\":2}");
    }

    @Test
    void aGatewayThatMovesPeopleWhenTheChangeIsOverMovesNobody() {
        byLate.put(WHO, bytes("{\"n\":1}")).block();
        byMoving.put(WHO, bytes("{\"n\":2}")).block();
        store.advance(read()).block();
        read().serving().all().forEach(shard -> redis.commands.hdel(shard.meta(), "moving"));
        redis.commands.del(before.person(WHO), after.arrived());

        assertThat(attributes(byMoving)).isEqualTo("{\"n\":2}");

        assertThat(moving.now().phase()).isEqualTo(Phase.FINISHING);
        assertThat(redis.commands.exists(before.person(WHO))).isZero();
    }

    @Test
    void whatADeliverySetWhereThePersonWasIsNotSetAgainWhereTheyAre() {
        long version = got(byLate.put(WHO, bytes("{\"n\":1}"))).person().version();
        AppliedUpdate update = new AppliedUpdate(new Attempt(1, 7, 200, 3, "", ""), bytes("{\"n\":\"2\"}"));
        new AppliedUpdates(redis.connections, late)
                .apply(LEASE, new Person(WHO, version, bytes("{\"n\":2}")), update)
                .block();
        AppliedUpdates updates = new AppliedUpdates(redis.connections, moving);
        Person now = got(byMoving.find(WHO));

        Applying again = got(updates.apply(LEASE, new Person(WHO, now.version(), bytes("{\"n\":3}")), update));

        assertThat(again)
                .isInstanceOfSatisfying(
                        Applying.Applied.class,
                        applied -> assertThat(applied.what().set()).isEqualTo(update.set()));
        assertThat(attributes(byMoving)).isEqualTo("{\"n\":2}");
        assertThat(got(updates.find(LEASE, WHO)).set()).isEqualTo(update.set());
        assertThat(updates.isRemote(LEASE, WHO)).isTrue();
        updates.forget(LEASE, WHO, true).block();
        assertThat(updates.find(LEASE, WHO).blockOptional()).isEmpty();
    }
}
