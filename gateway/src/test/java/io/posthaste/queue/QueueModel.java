package io.posthaste.queue;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.posthaste.job.Lease;
import io.posthaste.job.Outcome;
import io.posthaste.job.Settlement;
import io.posthaste.queue.browse.History;
import io.posthaste.queue.record.Bytes;
import io.posthaste.queue.record.FrozenRequests;
import io.posthaste.queue.record.HistoryRecord;
import io.posthaste.redis.RedisKeys;
import io.posthaste.testing.RedisServer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Does random things to a shard through its scripts and knows what must come of it. Leases are long; time passes when
 * the model says so, by rewriting the ends of leases and due times.
 */
final class QueueModel implements AutoCloseable {
    private static final RedisKeys KEYS = new RedisKeys("0");
    private static final List<String> LANES = List.of("a", "b", "c", "d", "e");
    private static final int LANE_CAP = 4;
    /** Of a lane that was told nothing; one of the lengths leases come in. */
    private static final Duration LONG_LEASE = Duration.ofSeconds(608);

    private static final List<String> SCRIPTS = List.of(
            "claim", "settle", "cancel", "redrive", "resend", "lane", "retain", "reconcile", "operation", "operate");

    private static final FrozenRequests REQUESTS = new FrozenRequests(RedisShard.SEALER);
    private static final String BLOCK = "new-model";

    private final SettlementEncoder encoder = new SettlementEncoder(REQUESTS, true);
    private final RedisServer server;
    private final RedisClient client;
    private final Random random;
    private final Map<String, String> scripts;
    private StatefulRedisConnection<byte[], byte[]> connection;
    private StatefulRedisConnection<String, String> stringConnection;
    private RedisCommands<byte[], byte[]> redis;
    private RedisCommands<String, String> strings;

    /** Expected state by id: living, drafted, failed; ended ids are absent. */
    private final Map<String, String> alive = new TreeMap<>();

    /** Ids enqueued once more while alive: should the first end before the second is taken in, the second is a new job. */
    private final Set<String> repeated = new HashSet<>();

    private final Map<String, Lease> held = new LinkedHashMap<>();
    private final List<Lease> lost = new ArrayList<>();
    private final Set<String> paused = new TreeSet<>();
    /** What waits for a person. */
    private static final Set<String> RESTING = Set.of("failed", "drafted");

    /** Recorded attempts by id, since it was enqueued or redriven. */
    private final Map<String, Integer> attempts = new TreeMap<>();

    /** How long attempts of a lane take; a lane that was never told is absent. */
    private final Map<String, Duration> attemptOf = new TreeMap<>();

    /** Every {@code entry@token} ever handed out. */
    private final Set<String> tokens = new HashSet<>();

    private final CountedPeople people;
    private final OperationsModel operations;

    /** Why an id failed, as far as its failure said so. */
    private final Map<String, String> reasons = new TreeMap<>();

    private final Set<String> cancelling = new HashSet<>();

    private final ToldEvents events = new ToldEvents(KEYS);

    private int nextId;

    /** @param mutate changes the text of a script, given {@code name\ntext}; identity for the real ones */
    QueueModel(RedisServer server, long seed, UnaryOperator<String> mutate) {
        this.server = server;
        this.client = RedisClient.create(server.uri());
        this.random = new Random(seed);
        this.people = new CountedPeople(KEYS, new Random(seed));
        this.operations = new OperationsModel(KEYS, random, LANES);
        this.scripts =
                SCRIPTS.stream().collect(Collectors.toMap(name -> name, name -> mutate.apply(ScriptText.of(name))));
        this.connection = client.connect(ByteArrayCodec.INSTANCE);
        this.stringConnection = client.connect();
        this.redis = connection.sync();
        this.strings = stringConnection.sync();
        redis.flushall();
        redis.hset(bytes(KEYS.meta()), bytes("reports"), bytes("10000"));
    }

    /** Runs so many random steps, auditing after each. */
    void run(int steps) {
        for (int i = 0; i < steps; i++) {
            step();
            audit();
        }
    }

    private void step() {
        held.values()
                .forEach(lease ->
                        check(alive.containsKey(lease.job().id()), lease.job().id() + " is held though it ended"));
        int dice = random.nextInt(100);
        if (dice < 23) {
            enqueueSome();
        } else if (dice < 46) {
            claim();
        } else if (dice < 66) {
            settleSome();
        } else if (dice < 73) {
            zombie();
        } else if (dice < 79) {
            passTime();
        } else if (dice < 82) {
            cancel();
        } else if (dice < 86) {
            redrive();
        } else if (dice < 88) {
            resendSome();
        } else if (dice < 91) {
            pauseOrResume();
        } else if (dice < 93) {
            retime();
        } else if (dice < 95) {
            upkeep();
        } else {
            operate();
        }
    }

    private void enqueueSome() {
        int count = 1 + random.nextInt(8);
        for (int i = 0; i < count; i++) {
            boolean again = random.nextInt(10) == 0 && nextId > 0;
            String id = "j" + (again ? random.nextInt(nextId) : nextId++);
            Map<String, String> fields = new LinkedHashMap<>(Map.of("v", "1", "id", id, "data", "{}"));
            fields.put("action", LANES.get(random.nextInt(LANES.size())));
            if (random.nextInt(6) == 0) {
                fields.put("at", Long.toString(now() + random.nextLong(200_000)));
            }
            strings.xadd(KEYS.inbox(), fields);
            if (alive.putIfAbsent(id, "living") != null) {
                repeated.add(id);
            }
        }
    }

    private void claim() {
        QueueSettings settings = RedisShard.settings(LONG_LEASE, LANE_CAP);
        List<byte[]> arguments = RedisJobQueue.claimArguments(settings, random.nextInt(30));
        Object reply = eval("claim", arguments);
        ClaimDecoder decoder = new ClaimDecoder(Instant.EPOCH, REQUESTS);
        for (Lease lease : decoder.decode(reply).leases()) {
            String id = lease.job().id();
            revive(id);
            check("living".equals(alive.get(id)), id + " was leased but is " + alive.getOrDefault(id, "ended"));
            check(!held.containsKey(id), id + " was leased twice at a time");
            check(!paused.contains(lease.job().lane()), id + " was leased though its lane is paused");
            Double score = redis.zscore(bytes(KEYS.leased()), bytes(lease.entry()));
            check(score != null && score.longValue() == lease.token(), id + " was handed out but is not leased");
            checkToken(lease);
            int recorded = attempts.getOrDefault(id, 0);
            check(lease.attempts() == recorded, id + " has " + lease.attempts() + " attempts, not " + recorded);
            held.put(id, lease);
        }
        held.values().stream()
                .collect(Collectors.groupingBy(lease -> lease.job().lane(), Collectors.counting()))
                .forEach((lane, count) -> check(count <= LANE_CAP, count + " leased in lane " + lane));
    }

    private void checkToken(Lease lease) {
        check(tokens.add(lease.entry() + "@" + lease.token()), lease.entry() + " got a token for the second time");
        Duration told = attemptOf.get(lease.job().lane());
        long seconds = (told == null ? LONG_LEASE : told.plus(RedisShard.LEASE_MARGIN)).toSeconds();
        check(
                lease.expiresAt().getEpochSecond() == seconds,
                lease.entry() + " is leased for " + lease.expiresAt().getEpochSecond() + " s, not " + seconds);
        // Two lengths never give the same token, because it tells its length.
        check(lease.token() % 64 == (told == null ? 62 : seconds), "a token of the wrong length " + lease.token());
    }

    private void revive(String id) {
        if (!alive.containsKey(id) && repeated.remove(id)) {
            alive.put(id, "living");
        }
    }

    private void startAnew(String id) {
        alive.put(id, "living");
        attempts.remove(id);
    }

    private void settleSome() {
        List<Settlement> batch = new ArrayList<>();
        // Some batches end all alike: what rests then rests since the same moment.
        boolean alike = random.nextInt(5) == 0;
        int kind = random.nextInt(8);
        for (Lease lease : pick(held.values(), 6)) {
            Outcome outcome = outcome(lease, alike ? kind : random.nextInt(8));
            batch.add(new Settlement(lease, outcome, details(lease)));
        }
        List<Settled> results = settle(batch);
        for (int i = 0; i < batch.size(); i++) {
            settled(batch.get(i), results.get(i));
        }
        if (random.nextInt(4) == 0) {
            ShardDump before = dump();
            check(!settle(batch).contains(Settled.APPLIED), "a repeated settlement was applied again");
            unchanged(before, "a repeated settlement");
        }
    }

    private void settled(Settlement settlement, Settled result) {
        Settled must = people.isOutdated(settlement.outcome()) ? Settled.OUTDATED : Settled.APPLIED;
        check(result == must, "a settlement by the holder was " + result + ", not " + must);
        if (result == Settled.APPLIED) {
            applied(settlement);
        }
    }

    /** Some gateways have heard of reporting webhooks, others not yet. */
    private static byte @Nullable [] details(Lease lease) {
        return lease.job().id().hashCode() % 2 == 0 ? bytes("{}") : null;
    }

    private void applied(Settlement settlement) {
        people.applied(settlement.outcome());
        String id = settlement.lease().job().id();
        held.remove(id);
        if (settlement.outcome() instanceof Outcome.Retry || settlement.outcome() instanceof Outcome.Failed) {
            attempts.merge(id, 1, Integer::sum);
        }
        if (settlement.outcome() instanceof Outcome.Failed failed) {
            reasons.put(id, failed.reason());
        }
        String to = switch (settlement.outcome()) {
            case Outcome.Delivered done -> "ended";
            case Outcome.Retry again -> "living";
            case Outcome.Released again -> "living";
            case Outcome.Failed failed -> "failed";
            case Outcome.Drafted draft -> "drafted";
            case Outcome.Aborted aborted -> "ended";
            case Outcome.Skipped skipped -> "ended";
            case Outcome.Cancelled cancelled -> "ended";
        };
        boolean cancelled = cancelling.remove(id) && (to.equals("living") || to.equals("drafted"));
        move(id, cancelled ? "ended" : to);
    }

    private void move(String id, String to) {
        if (to.equals("ended")) {
            attempts.remove(id);
            alive.remove(id);
        } else {
            alive.put(id, to);
        }
    }

    private Outcome outcome(Lease lease, int kind) {
        return switch (kind) {
            case 0, 1, 2 -> people.success(RedisShard.delivered(lease), strings);
            case 3 -> RedisShard.retry(lease, Duration.ofMillis(random.nextInt(100)));
            case 4 -> RedisShard.failed(lease, random.nextBoolean() ? "HTTP 404" : "HTTP 410");
            case 5 -> new Outcome.Released(Duration.ZERO);
            case 6 -> new Outcome.Drafted(RedisShard.request("draft"), false);
            default ->
                switch (random.nextInt(3)) {
                    case 0 -> new Outcome.Aborted("no");
                    case 1 -> new Outcome.Skipped();
                    default -> new Outcome.Cancelled("off");
                };
        };
    }

    /** A worker that lost its lease reports: failures change nothing, success ends the job wherever it is. */
    private void zombie() {
        if (lost.isEmpty()) {
            return;
        }
        Lease lease = lost.remove(random.nextInt(lost.size()));
        String id = lease.job().id();
        boolean success = random.nextInt(3) == 0;
        Outcome outcome = success
                ? people.success(RedisShard.delivered(lease), strings)
                : switch (random.nextInt(3)) {
                    case 0 -> RedisShard.retry(lease, Duration.ZERO);
                    case 1 -> RedisShard.failed(lease);
                    default -> new Outcome.Released(Duration.ZERO);
                };
        ShardDump before = dump();
        Settled settled = settle(List.of(new Settlement(lease, outcome))).getFirst();
        boolean same = entries().getOrDefault(id, lease.entry()).equals(lease.entry());
        if (success && alive.containsKey(id) && same && people.isOutdated(outcome)) {
            check(settled == Settled.OUTDATED, "an outdated late success of " + id + " was " + settled);
            unchanged(before, "an outdated late success of " + id);
            lost.add(lease);
        } else if (success && alive.containsKey(id) && same) {
            check(settled == Settled.APPLIED, "a late success of " + id + " was " + settled);
            people.applied(outcome);
            held.remove(id);
            cancelling.remove(id);
            move(id, "ended");
        } else {
            check(
                    settled == Settled.IGNORED,
                    "a stale " + outcome.getClass().getSimpleName() + " of " + id + " was accepted");
            unchanged(before, "a stale settlement of " + id);
        }
    }

    private Map<String, String> entries() {
        Map<String, String> entries = new TreeMap<>();
        redis.hgetall(bytes(KEYS.ids())).forEach((id, entry) -> entries.put(string(id), string(entry)));
        return entries;
    }

    /** Some leases run out, and what waits comes due. */
    private void passTime() {
        for (Lease lease : pick(held.values(), 4)) {
            redis.zadd(bytes(KEYS.leased()), 1, bytes(lease.entry()));
            lost.add(lease);
            held.remove(lease.job().id());
        }
        claimNothing();
        for (byte[] key : redis.keys(KEYS.due("*"))) {
            redis.zrange(key, 0, 20).forEach(entry -> redis.zadd(key, (double) (now() - 1), entry));
        }
        redis.zrange(bytes(KEYS.wake()), 0, -1).forEach(lane -> redis.zadd(bytes(KEYS.wake()), 1, lane));
    }

    /** Reclaims, so that no lease in this model's hands is one that ran out. Cancelled ones end here. */
    private void claimNothing() {
        eval("claim", RedisJobQueue.claimArguments(RedisShard.settings(LONG_LEASE, LANE_CAP), 0));
        for (Lease lease : lost) {
            if (cancelling.contains(lease.job().id())
                    && !held.containsKey(lease.job().id())) {
                cancelling.remove(lease.job().id());
                move(lease.job().id(), "ended");
            }
        }
        // A job whose lease ran out once too often has failed; the scripts' own count decides when.
        Set<String> failed = redis.zrange(bytes(KEYS.failed()), 0, -1).stream()
                .map(QueueModel::string)
                .collect(Collectors.toSet());
        entries().forEach((id, entry) -> {
            if (failed.contains(entry) && "living".equals(alive.get(id))) {
                check(lost.stream().filter(lease -> lease.entry().equals(entry)).count() > 0, id + " failed by itself");
                alive.put(id, "failed");
                reasons.remove(id);
            }
        });
    }

    private void cancel() {
        if (nextId == 0) {
            return;
        }
        List<String> ids = List.of("j" + random.nextInt(nextId), "j" + random.nextInt(nextId));
        List<byte[]> arguments = new ArrayList<>(texts(LANE_CAP, 10_000, 100, 0, ""));
        ids.stream().distinct().forEach(id -> arguments.add(bytes(id)));
        Object[] reply = (Object[]) eval("cancel", arguments);
        int i = 0;
        for (String id : ids.stream().distinct().toList()) {
            boolean done = Long.valueOf(1).equals(reply[i++]);
            if (held.containsKey(id)) {
                check(done, id + " is in flight and was not marked");
                cancelling.add(id);
            } else if (done) {
                check(alive.containsKey(id), id + " was cancelled though it had ended");
                move(id, "ended");
            }
        }
    }

    private void redrive() {
        String from = random.nextBoolean() ? "failed" : "drafts";
        String state = from.equals("failed") ? "failed" : "drafted";
        List<String> resting = alive.keySet().stream()
                .filter(id -> state.equals(alive.get(id)))
                .toList();
        // Mostly those that can be, sometimes any.
        List<String> ids = pick(resting.isEmpty() || random.nextInt(4) == 0 ? alive.keySet() : resting, 5);
        List<byte[]> arguments = new ArrayList<>(texts(LANE_CAP, from));
        ids.forEach(id -> arguments.add(bytes(id)));
        Object count = eval("redrive", arguments);
        long expected = ids.stream().filter(id -> state.equals(alive.get(id))).count();
        check(Long.valueOf(expected).equals(count), "redrive took " + count + " of " + expected);
        ids.stream().filter(id -> state.equals(alive.get(id))).toList().forEach(this::startAnew);
    }

    private void resendSome() {
        pick(redis.lrange(bytes(KEYS.history("sent")), 0, -1), 5).forEach(this::resend);
    }

    /** Somebody sends one of these sent deliveries again. */
    private void resend(byte[] sent) {
        History.Block block = History.block(ByteBuffer.wrap(sent));
        int record = random.nextInt(block.records().size());
        ByteBuffer text = block.records().get(record);
        String id = string(Bytes.take(text.duplicate(), text.get(0) + 1)).substring(1);
        boolean ended =
                HistoryRecord.decode(text.duplicate(), 0) != null && !entries().containsKey(id);
        Object reply = eval("resend", id, block.number(), record + 1);
        check(Long.valueOf(ended ? 1 : 0).equals(reply), id + ", ended " + ended + ", sent again: " + reply);
        if (ended) {
            if (alive.containsKey(id)) {
                repeated.add(id);
            }
            startAnew(id);
        }
    }

    private void operate() {
        if (!operations.anyRunning() || random.nextInt(3) == 0) {
            operations.start(this::eval, strings);
        }
        if (random.nextInt(10) == 0) {
            operations.cancel(this::eval, strings);
        } else {
            operateOnce();
        }
    }

    private void operateOnce() {
        ShardAudit before = ShardAudit.of(redis, KEYS, LANE_CAP);
        OperationsModel.Step step = operations.step(this::eval, strings, new OperationsModel.Known() {
            @Override
            public String lane(String entry) {
                return before.laneOf(entry);
            }

            @Override
            public String reason(String entry) {
                return reasons.getOrDefault(before.idOf(entry), "");
            }

            @Override
            public int attempts(String entry) {
                return attempts.getOrDefault(before.idOf(entry), 0);
            }
        });
        boolean again = step.kind().equals("resend") || step.kind().equals("send");
        for (String entry : step.entries()) {
            String id = before.idOf(entry);
            if (again) {
                startAnew(id);
            } else {
                move(id, "ended");
            }
        }
    }

    private void pauseOrResume() {
        String lane = LANES.get(random.nextInt(LANES.size()));
        boolean pause = paused.isEmpty() && random.nextBoolean();
        if (pause) {
            paused.add(lane);
        }
        for (String name : pause ? List.of(lane) : List.copyOf(paused)) {
            eval("lane", name, pause ? "pause" : "resume");
            if (!pause) {
                paused.remove(name);
                // The ramp after a pause takes real time; the model has none.
                redis.hdel(bytes(KEYS.laneLimits()), bytes(name));
                limit(name);
            }
        }
    }

    /** The lane is told how long its attempts are, or that they may be as long as any. */
    private void retime() {
        String lane = LANES.get(random.nextInt(LANES.size()));
        if (random.nextInt(3) == 0) {
            attemptOf.remove(lane);
        } else {
            attemptOf.put(lane, Duration.ofSeconds(1 + random.nextInt(30)));
        }
        limit(lane);
    }

    private void limit(String lane) {
        Duration attempt = attemptOf.get(lane);
        eval("lane", lane, "limits", "", "", "", attempt == null ? "" : attempt.toMillis());
    }

    private void upkeep() {
        eval("retain", 100, 3_600_000, 100_000, 3_600_000, 3_600_000, 0);
        List<byte[]> arguments = new ArrayList<>(texts(LANE_CAP, 1_000, "0", 100));
        LANES.forEach(lane -> arguments.add(bytes(lane)));
        Object[] found = (Object[]) eval("reconcile", arguments);
        check(
                Long.valueOf(0).equals(found[1])
                        && Long.valueOf(0).equals(found[2])
                        && Long.valueOf(0).equals(found[3]),
                "reconcile found counts, lanes, ids: " + found[1] + " " + found[2] + " " + found[3]);
    }

    /** {@code kill -9} and start: with a flush of every write to the file, nothing may differ. */
    void crash() {
        ShardDump before = dump();
        connection.close();
        stringConnection.close();
        server.restart();
        connection = client.connect(ByteArrayCodec.INSTANCE);
        stringConnection = client.connect();
        redis = connection.sync();
        strings = stringConnection.sync();
        unchanged(before, "the restart");
        audit();
    }

    /** Everything that lives can be delivered. */
    void drain() {
        for (int i = 0; i < 1_000 && operations.anyRunning(); i++) {
            operateOnce();
            audit();
        }
        check(!operations.anyRunning(), "an operation never ends");
        List.copyOf(paused).forEach(lane -> pauseOrResume());
        boolean resent = false;
        for (int round = 0; round < 400 && !redis.hgetall(bytes(KEYS.ids())).isEmpty(); round++) {
            for (Lease lease : List.copyOf(held.values())) {
                Settlement settlement = new Settlement(lease, RedisShard.delivered(lease));
                settled(settlement, settle(List.of(settlement)).getFirst());
            }
            passTime();
            if (RESTING.containsAll(alive.values())) {
                // Last, when nothing else keeps their lanes awake: what is not offered then is never served.
                if (!resent) {
                    resent = true;
                    resendSome();
                    audit();
                }
                drive("failed");
                audit();
                drive("drafted");
                audit();
            }
            claim();
            audit();
        }
        check(alive.isEmpty(), "never ended: " + alive);
        check(redis.xlen(bytes(KEYS.inbox())) == 0, "the inbox is not empty");
        check(
                redis.exists(bytes(KEYS.parked()), bytes(KEYS.state()), bytes(KEYS.busy()), bytes(KEYS.cancelling()))
                        == 0,
                "left over");
    }

    private void drive(String state) {
        List<String> ids = alive.keySet().stream()
                .filter(id -> state.equals(alive.get(id)))
                .limit(100)
                .toList();
        List<byte[]> arguments = new ArrayList<>(texts(LANE_CAP, state.equals("failed") ? "failed" : "drafts"));
        ids.forEach(id -> arguments.add(bytes(id)));
        eval("redrive", arguments);
        ids.forEach(this::startAnew);
    }

    void audit() {
        ShardAudit audit = ShardAudit.of(redis, KEYS, LANE_CAP);
        check(audit.findings.isEmpty(), String.join("; ", audit.findings));
        List<String> wrong = people.findings(strings);
        check(wrong.isEmpty(), String.join("; ", wrong));
        Set<String> known = new TreeSet<>(audit.placesById.keySet());
        known.stream()
                .filter(id -> !Set.of("inbox").equals(audit.placesById.get(id)))
                .forEach(this::revive);
        repeated.retainAll(audit.untaken);
        // An entry not yet taken in may be a second one of a job that lives or lived.
        known.removeIf(id -> Set.of("inbox").equals(audit.placesById.get(id)) && !alive.containsKey(id));
        List<String> untold = events.findings(strings);
        check(untold.isEmpty(), String.join("; ", untold));
        check(known.equals(alive.keySet()), "lives in Redis " + known + " but should " + alive.keySet());
        audit.placesById.forEach(
                (id, places) -> check(agrees(id, places), id + " is in " + places + " but " + alive.get(id)));
    }

    private boolean agrees(String id, Set<String> places) {
        String place = places.iterator().next();
        return switch (place) {
            case "leased" -> "living".equals(alive.get(id));
            case "failed" -> "failed".equals(alive.get(id));
            case "drafted" -> "drafted".equals(alive.get(id));
            default -> places.contains("inbox") || ("living".equals(alive.get(id)) && !held.containsKey(id));
        };
    }

    private List<Settled> settle(List<Settlement> batch) {
        List<byte[]> arguments =
                new ArrayList<>(RedisJobQueue.settleArguments(RedisShard.settings(Duration.ofSeconds(1), LANE_CAP)));
        List<SettlementEncoder.Encoded> encoded =
                batch.stream().map(encoder::encode).toList();
        arguments.add(bytes(BLOCK));
        encoded.forEach(settlement -> arguments.addAll(settlement.arguments()));
        byte[] block = bytes(KEYS.requests(BLOCK));
        redis.set(
                block,
                SentRequestWriter.join(
                        encoded.stream().map(SettlementEncoder.Encoded::sentAs).toList()));
        Object[] reply = (Object[]) eval("settle", arguments);
        redis.del(block);
        return Arrays.stream(reply).map(SettleBatcher::settled).toList();
    }

    private Object eval(String script, Object... arguments) {
        List<byte[]> all = new ArrayList<>(texts(LANE_CAP));
        all.addAll(texts(arguments));
        return eval(script, all);
    }

    private Object eval(String script, List<byte[]> arguments) {
        try {
            return EvalReply.of(connection, scripts.getOrDefault(script, ""), KEYS.prefix(), arguments);
        } catch (RedisException e) {
            throw new AssertionError(script + " failed: " + e.getMessage(), e);
        }
    }

    private ShardDump dump() {
        return ShardDump.of(redis, KEYS);
    }

    private void unchanged(ShardDump before, String deed) {
        List<String> changed = before.changed(dump());
        check(changed.isEmpty(), deed + " changed " + changed);
    }

    private <T> List<T> pick(Collection<T> from, int most) {
        List<T> all = new ArrayList<>(from);
        Collections.shuffle(all, random);
        return List.copyOf(all.subList(0, Math.min(all.size(), 1 + random.nextInt(most))));
    }

    private long now() {
        return Long.parseLong(string(redis.time().getFirst())) * 1_000;
    }

    private static List<byte[]> texts(Object... values) {
        return Arrays.stream(values).map(value -> bytes(value.toString())).toList();
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String string(byte[] text) {
        return new String(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        connection.close();
        stringConnection.close();
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
    }
}
