package io.posthaste.queue.browse;

import static io.posthaste.job.DeliveryState.ABORTED;
import static io.posthaste.job.DeliveryState.CANCELLED;
import static io.posthaste.job.DeliveryState.DRAFTED;
import static io.posthaste.job.DeliveryState.FAILED;
import static io.posthaste.job.DeliveryState.QUEUED;
import static io.posthaste.job.DeliveryState.RETRYING;
import static io.posthaste.job.DeliveryState.SENDING;
import static io.posthaste.job.DeliveryState.SENT;
import static io.posthaste.job.DeliveryState.SKIPPED;

import io.lettuce.core.protocol.CommandType;
import io.posthaste.action.Action;
import io.posthaste.action.LaneLimits;
import io.posthaste.job.Delivery;
import io.posthaste.job.DeliveryState;
import io.posthaste.job.Job;
import io.posthaste.queue.LaneNames;
import io.posthaste.queue.QueueSettings;
import io.posthaste.queue.ScriptRunner;
import io.posthaste.queue.record.Bytes;
import io.posthaste.queue.record.FrozenRequests;
import io.posthaste.redis.DurableWrites;
import io.posthaste.redis.LuaScript;
import io.posthaste.redis.RedisConnections;
import io.posthaste.redis.RedisKeys;
import io.posthaste.redis.RedisLink;
import io.posthaste.seal.Sealer;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What people do with deliveries, on one shard of Redis. */
public final class RedisDeliveries implements Deliveries {
    private static final int IDS = 100;

    private final RedisLink link;
    private final RedisLink inbox;
    private final DurableWrites durable;
    private final RedisKeys keys;
    private final QueueSettings settings;
    private final LuaScript cancelScript = LuaScript.load("queue/cancel.lua");
    private final LuaScript depthScript = LuaScript.load("queue/depth.lua");
    private final LuaScript findScript = LuaScript.load("queue/find.lua");
    private final LuaScript laneScript = LuaScript.load("queue/lane.lua");
    private final LuaScript redriveScript = LuaScript.load("queue/redrive.lua");
    private final LuaScript scheduleScript = LuaScript.load("queue/schedule.lua");
    private final ScriptRunner runner;
    private final History sent;
    private final History closed;
    private final Resending resending;
    private final FoundDelivery found;
    private final DeliveryList list;
    private final LaneNames laneNames;

    /** @param sealer opens requests that were rendered with secrets */
    public RedisDeliveries(RedisConnections redis, QueueSettings settings, Sealer sealer) {
        FrozenRequests requests = new FrozenRequests(sealer);
        this.found = new FoundDelivery(requests);
        this.link = redis.admin();
        this.inbox = redis.foreground();
        this.durable = redis.durable();
        this.keys = new RedisKeys(settings.tag());
        this.settings = settings;
        this.runner = new ScriptRunner(
                link, Bytes.of(keys.prefix()), settings.leases().laneMaxInFlight());
        this.sent = new History(link, keys.history("sent"));
        this.resending = new Resending(
                runner,
                findScript,
                LuaScript.load("queue/resend.lua"),
                sent,
                new SentRequests(link, keys, requests),
                found);
        this.closed = new History(link, keys.history("closed"));
        this.list = new DeliveryList(sources(""), System::nanoTime);
        this.laneNames = new LaneNames(link, keys);
    }

    /** The shard. */
    RedisKeys keys() {
        return keys;
    }

    /** @param shard tells them from those of other shards in a cursor */
    List<DeliverySource> sources(String shard) {
        return List.of(
                living("i" + shard, Set.of(QUEUED, SENDING), keys.inbox()),
                living("p" + shard, Set.of(QUEUED, SENDING, RETRYING), keys.parkedAt()),
                living("d" + shard, Set.of(DRAFTED), keys.drafts()),
                living("f" + shard, Set.of(FAILED), keys.failed()),
                new EndedSource("s" + shard, Set.of(SENT), sent),
                new EndedSource("c" + shard, Set.of(ABORTED, SKIPPED, CANCELLED), closed));
    }

    private DeliverySource living(String name, Set<DeliveryState> states, String key) {
        return new LivingSource(name, states, key, key.equals(keys.inbox()), runner, findScript, found);
    }

    @Override
    public Mono<Void> enqueue(List<NewJob> jobs) {
        return Mono.defer(() -> Mono.fromFuture(CompletableFuture.allOf(jobs.stream()
                .map(this::write)
                .map(CompletionStage::toCompletableFuture)
                .toArray(CompletableFuture[]::new))));
    }

    private CompletionStage<@Nullable Object> write(NewJob job) {
        return inbox.send(CommandType.XADD, keys.inbox(), entry(job).toArray());
    }

    @Override
    public Mono<Void> enqueueDurably(List<NewJob> jobs) {
        List<List<?>> entries = new ArrayList<>();
        jobs.forEach(job -> entries.add(entry(job)));
        return Mono.fromCompletionStage(() -> durable.add(keys.inbox(), entries))
                .then();
    }

    private static List<Object> entry(NewJob job) {
        List<Object> entry = new ArrayList<>(List.of("*"));
        entry.addAll(InboxEntry.fields(job));
        return entry;
    }

    @Override
    public Mono<Delivery> find(String id) {
        return living(id)
                .switchIfEmpty(Mono.defer(() -> resending.sent(id)))
                .switchIfEmpty(Mono.defer(() -> closed.find(id).map(History.Found::delivery)))
                // It may have been brought back to life since the first look.
                .switchIfEmpty(Mono.defer(() -> living(id)));
    }

    private Mono<Delivery> living(String id) {
        return runner.run(findScript, "id", id).mapNotNull(reply -> found.decode((Object[]) ((Object[]) reply)[0]));
    }

    @Override
    public Mono<Resend> resend(String id) {
        return redrive(List.of(id))
                .filter(redriven -> redriven == 1)
                .map(redriven -> Resend.ACCEPTED)
                .switchIfEmpty(underWay(id))
                .switchIfEmpty(Mono.defer(() -> resending.resend(id)))
                .switchIfEmpty(Mono.defer(() -> closed.find(id).map(ended -> Resend.ENDED)))
                // Somebody else may have brought it back to life since the first look.
                .switchIfEmpty(underWay(id))
                .defaultIfEmpty(Resend.UNKNOWN);
    }

    private Mono<Resend> underWay(String id) {
        return Mono.defer(() -> living(id).map(alive -> Resend.UNDER_WAY));
    }

    @Override
    public Mono<NewJob> renew(String id, String newId) {
        return resending
                .job(id, "failed"::equals)
                .map(job -> Resending.renewed(job, newId))
                .delayUntil(job -> enqueue(List.of(job)));
    }

    @Override
    public Mono<Page> list(Query query) {
        return list.page(query);
    }

    @Override
    public Mono<Boolean> cancel(String id) {
        return cancelAll(List.of(id), "").map(ended -> ended == 1);
    }

    @Override
    public Mono<Integer> discardDrafts(List<String> ids) {
        return cancelAll(ids, "drafted");
    }

    /** @param only the state that they must be in, empty for any that can be cancelled */
    Mono<Integer> cancelAll(List<String> ids, String only) {
        return runner.run(
                        cancelScript,
                        settings.kept().results(),
                        settings.kept().history().sentMax(),
                        settings.kept().dedupeWindow().toMillis(),
                        only,
                        atMost(ids))
                .map(RedisDeliveries::sum);
    }

    @Override
    public Mono<Job> job(String id) {
        return resending.job(id, standing -> true);
    }

    @Override
    public Mono<Job> draft(String id) {
        return resending.job(id, "drafted"::equals);
    }

    @Override
    public Mono<Integer> redrive(List<String> ids) {
        return runner.run(redriveScript, "failed", atMost(ids)).map(count -> ((Long) count).intValue());
    }

    @Override
    public Mono<Integer> sendDrafts(List<String> ids) {
        return runner.run(redriveScript, "drafts", atMost(ids)).map(count -> ((Long) count).intValue());
    }

    private static List<String> atMost(List<String> ids) {
        if (ids.size() > IDS) {
            throw new IllegalArgumentException("ids: " + ids.size() + " at once; at most " + IDS);
        }
        return ids;
    }

    @Override
    public Mono<Void> setLaneLimits(
            String lane, LaneLimits limits, @Nullable Duration longestAttempt, Action.OnFailure onFailure) {
        Object most = limits.maxInFlight() == null ? "" : limits.maxInFlight();
        Double rate = limits.maxPerSecond();
        String perSecond = rate == null ? "" : new BigDecimal(rate.toString()).toPlainString();
        Object attempt = longestAttempt == null ? "" : longestAttempt.toMillis();
        String blocks = onFailure == Action.OnFailure.BLOCK ? "block" : "";
        return runner.run(laneScript, lane, "limits", most, "", perSecond, attempt, blocks)
                .then();
    }

    @Override
    public Mono<Void> pause(String lane, @Nullable Duration length, String reason) {
        return runner.run(laneScript, lane, "pause", length == null ? "" : length.toMillis(), reason)
                .then();
    }

    @Override
    public Mono<Void> resume(String lane) {
        return runner.run(laneScript, lane, "resume").then();
    }

    @Override
    public Mono<Depth> depth() {
        return laneNames
                .all()
                .flatMap(names -> Flux.fromIterable(LaneNames.parts(names, LaneNames.PART))
                        .concatMap(part -> runner.run(depthScript, part).map(reply -> DepthReply.decode(part, reply)))
                        .reduce(DepthReply::join));
    }

    @Override
    public Mono<Schedule> schedule(List<String> lanes, Duration step, int steps) {
        return Flux.fromIterable(LaneNames.parts(lanes, ScheduleReply.PART))
                .concatMap(part -> runner.run(scheduleScript, step.toMillis(), steps, part))
                .map(ScheduleReply::decode)
                .reduce(ScheduleReply::join);
    }

    @Override
    public Mono<List<Quarantined>> quarantine(@Nullable String cursor, int limit) {
        String from = cursor == null ? "+" : "(" + cursor;
        return Mono.fromCompletionStage(
                        () -> link.send(CommandType.XREVRANGE, keys.quarantine(), from, "-", "COUNT", limit))
                .map(QuarantineReply::decode);
    }

    @Override
    public Mono<Boolean> dropQuarantined(String cursor) {
        return Mono.fromCompletionStage(() -> link.send(CommandType.XDEL, keys.quarantine(), cursor))
                .map(Long.valueOf(1)::equals);
    }

    private static int sum(Object reply) {
        int sum = 0;
        for (Object one : (Object[]) reply) {
            sum += Math.toIntExact((Long) one);
        }
        return sum;
    }
}
