package io.posthaste.queue.browse;

import io.lettuce.core.protocol.CommandType;
import io.posthaste.job.Delivery;
import io.posthaste.job.DeliveryState;
import io.posthaste.queue.QueueSettings;
import io.posthaste.queue.ScriptRunner;
import io.posthaste.queue.browse.Deliveries.Page;
import io.posthaste.queue.browse.Deliveries.Wanted;
import io.posthaste.queue.browse.Erasure.Erased;
import io.posthaste.queue.record.Bytes;
import io.posthaste.queue.record.HistoryRecord;
import io.posthaste.queue.record.RecordFilter;
import io.posthaste.redis.LuaScript;
import io.posthaste.redis.RedisConnections;
import io.posthaste.redis.RedisKeys;
import io.posthaste.redis.RedisLink;
import io.posthaste.subject.CustomerId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** {@link Erasure} on one shard. */
public final class ShardErasure {
    private static final int PAGE = 500;
    private static final int IDS = 100;
    private static final int BLOCKS = 64;
    private static final int ENTRIES = 1_000;

    private final RedisDeliveries deliveries;
    private final RedisLink link;
    private final RedisKeys keys;
    private final ScriptRunner runner;
    private final LuaScript eraseScript = LuaScript.load("queue/erase.lua");
    private final DeliveryList living;

    public ShardErasure(RedisConnections redis, QueueSettings settings, RedisDeliveries deliveries) {
        this.deliveries = deliveries;
        this.link = redis.admin();
        this.keys = new RedisKeys(settings.tag());
        this.runner = new ScriptRunner(
                link, Bytes.of(keys.prefix()), settings.leases().laneMaxInFlight());
        this.living = new DeliveryList(
                deliveries.sources("").stream()
                        .filter(source -> source instanceof LivingSource)
                        .toList(),
                System::nanoTime);
    }

    /** An ended delivery and where its record is. */
    private record Ended(String series, long block, int record, String id) {}

    Mono<Erased> erase(String customer) {
        Set<String> ids = new HashSet<>();
        return cancelAll(customer, ids)
                .flatMap(cancelled -> records(customer, ids).map(cancelled::and))
                .flatMap(sofar -> streams(customer, ids).map(sofar::and));
    }

    private Mono<Erased> cancelAll(String customer, Set<String> ids) {
        return alive(customer)
                .map(Delivery::id)
                .doOnNext(ids::add)
                .buffer(IDS)
                .concatMap(some -> deliveries.cancelAll(some, ""), 1)
                .reduce(0, Integer::sum)
                .flatMap(count -> alive(customer)
                        .filter(delivery -> delivery.state() == DeliveryState.SENDING)
                        .count()
                        .map(underWay -> new Erased(count - underWay, 0, 0, 0, 0, 0, underWay)));
    }

    private Flux<Delivery> alive(String customer) {
        Wanted wanted = new Wanted(null, null, null, 0, customer, null, null);
        return Page.all(living::page, wanted, PAGE).concatMapIterable(Page::deliveries, 1);
    }

    private Mono<Erased> records(String customer, Set<String> ids) {
        return Flux.just("sent", "closed")
                .concatMap(series -> ended(series, new RecordFilter(customer, null, null)), 1)
                .doOnNext(ended -> ids.add(ended.id()))
                .concatMap(
                        ended -> runner.run(eraseScript, ended.series(), ended.block(), ended.record() + 1, ended.id()),
                        1)
                .map(gone -> ((Long) gone).intValue())
                .reduce(Erased.NOTHING, (sum, gone) -> sum.and(new Erased(0, Math.min(gone, 1), gone / 2, 0, 0, 0, 0)));
    }

    private Flux<Ended> ended(String series, RecordFilter filter) {
        History history = new History(link, keys.history(series));
        return history.newest(BLOCKS)
                .expand(blocks -> blocks.isEmpty()
                        ? Mono.empty()
                        : history.before(blocks.getFirst().number(), BLOCKS))
                .concatMapIterable(blocks -> matching(series, blocks, filter), 1);
    }

    private static List<Ended> matching(String series, List<History.Block> blocks, RecordFilter filter) {
        List<Ended> matching = new ArrayList<>();
        for (History.Block block : blocks) {
            for (int i = 0; i < block.records().size(); i++) {
                ByteBuffer record = block.records().get(i);
                Delivery delivery =
                        filter.admits(record) ? HistoryRecord.decode(record.duplicate(), block.endedAtMillis()) : null;
                if (delivery != null) {
                    matching.add(new Ended(series, block.number(), i, delivery.id()));
                }
            }
        }
        return matching;
    }

    private Mono<Erased> streams(String customer, Set<String> ids) {
        Predicate<Map<String, byte[]>> ofTheirs = fields -> ids.contains(text(fields, "id"));
        Predicate<Map<String, byte[]>> isNamed = fields -> names(customer, fields, "details", "data");
        return delete(keys.results(), ofTheirs.and(fields -> fields.containsKey("attributes")))
                .flatMap(results -> delete(keys.reports(), ofTheirs.or(isNamed))
                        .flatMap(reports ->
                                quarantined(customer).map(aside -> new Erased(0, 0, 0, results, reports, aside, 0))));
    }

    private static boolean names(String customer, Map<String, byte[]> fields, String... of) {
        for (String name : of) {
            byte[] text = fields.get(name);
            if (text != null && CustomerId.of(text).equals(customer)) {
                return true;
            }
        }
        return false;
    }

    private static String text(Map<String, byte[]> fields, String name) {
        return Bytes.utf8(fields.getOrDefault(name, Bytes.EMPTY));
    }

    private Mono<Long> quarantined(String customer) {
        return Flux.from(deliveries.quarantine(null, PAGE))
                .expand(page -> page.isEmpty()
                        ? Mono.empty()
                        : deliveries.quarantine(page.getLast().cursor(), PAGE))
                .concatMapIterable(page -> page, 1)
                .filter(aside -> isOf(customer, aside.fields()))
                .concatMap(aside -> deliveries.dropQuarantined(aside.cursor()), 1)
                .count();
    }

    /** Of what is no job, any value may be the data. */
    private static boolean isOf(String customer, List<String> fields) {
        return fields.stream().anyMatch(value -> CustomerId.of(Bytes.of(value)).equals(customer));
    }

    private Mono<Long> delete(String stream, Predicate<Map<String, byte[]>> wanted) {
        return range(stream, "-")
                .expand(entries ->
                        entries.length < ENTRIES ? Mono.empty() : range(stream, "(" + id(entries[entries.length - 1])))
                .concatMapIterable(entries -> idsOf(entries, wanted), 1)
                .buffer(IDS)
                .concatMap(some -> remove(stream, some), 1)
                .reduce(0L, Long::sum);
    }

    private Mono<Object[]> range(String stream, String from) {
        return Mono.fromCompletionStage(() -> link.send(CommandType.XRANGE, stream, from, "+", "COUNT", ENTRIES))
                .map(reply -> (Object[]) reply);
    }

    private Mono<Long> remove(String stream, List<String> entries) {
        return Mono.fromCompletionStage(() -> link.send(CommandType.XDEL, stream, entries.toArray()))
                .map(gone -> (Long) gone);
    }

    private static List<String> idsOf(Object[] entries, Predicate<Map<String, byte[]>> wanted) {
        List<String> ids = new ArrayList<>();
        for (Object entry : entries) {
            if (wanted.test(fields(entry))) {
                ids.add(id(entry));
            }
        }
        return ids;
    }

    private static String id(Object entry) {
        return ((Object[]) entry)[0] instanceof byte[] id ? Bytes.ascii(id) : "";
    }

    private static Map<String, byte[]> fields(Object entry) {
        Map<String, byte[]> fields = new HashMap<>();
        @Nullable Object[] list = ((Object[]) entry)[1] instanceof Object[] some ? some : new Object[0];
        for (int i = 0; i + 1 < list.length; i += 2) {
            if (list[i] instanceof byte[] name && list[i + 1] instanceof byte[] value) {
                fields.put(Bytes.ascii(name), value);
            }
        }
        return fields;
    }
}
