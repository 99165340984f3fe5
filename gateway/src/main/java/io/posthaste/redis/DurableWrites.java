package io.posthaste.redis;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolKeyword;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes that are answered when one server may die without them: a replica has them, or where there is none the disk.
 *
 * <p>Redis answers before it replicates. {@code WAIT} and {@code WAITAOF} ask for more, about what was written before on the
 * same connection, and hold what is sent after them: so these have a connection of their own.
 */
public final class DurableWrites {
    /**
     * For a replica's word: it comes within a millisecond or two, or something is wrong. On a machine that is short of
     * processors it may be later than 100 ms, and a write that nobody waited for is lost with its primary.
     */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** For the disk's, which is asked once a second. */
    private static final Duration PATIENCE_WITH_DISK = Duration.ofMillis(1_800);

    /** How long what a server is able to is believed. */
    private static final Duration KNOWN = Duration.ofSeconds(5);

    private static final Pattern VERSION = Pattern.compile("redis_version:(\\d+)\\.(\\d+)");
    private static final Pattern REPLICAS = Pattern.compile("connected_slaves:([1-9]\\d*)");

    /** The first version with {@code WAITAOF}. */
    private static final int WAITS_FOR_DISK = 7_002;

    private final RedisLink link;
    private final LongSupplier nanoTime;
    private final Map<String, Able> able = new ConcurrentHashMap<>();
    private final Map<String, Long> silentUntil = new ConcurrentHashMap<>();
    private final SharedQuestions<Long> replicas = new SharedQuestions<>(this::askReplica);

    private enum Means {
        REPLICA,
        DISK,
        NONE
    }

    /** @param why there is nothing to wait for, in words */
    private record Able(Means means, String why, long asOf) {}

    private static final ProtocolKeyword WAITAOF = new ProtocolKeyword() {
        @Override
        public byte[] getBytes() {
            return toString().getBytes(StandardCharsets.US_ASCII);
        }

        @Override
        public String toString() {
            return "WAITAOF";
        }
    };

    DurableWrites(RedisLink link, LongSupplier nanoTime) {
        this.link = link;
        this.nanoTime = nanoTime;
    }

    /** For commands that {@link #replicated} is to ask about. */
    public RedisLink link() {
        return link;
    }

    /**
     * Adds entries to a stream. Fails with {@link NotDurableException}: before anything is written where nobody could
     * confirm it, after when nobody did; with the same ids it may be repeated.
     *
     * @param entries what follows the key in {@code XADD}
     */
    public CompletionStage<@Nullable Object> add(String stream, List<List<?>> entries) {
        return able(stream).thenCompose(server -> switch (server.means()) {
            case REPLICA -> written(stream, entries, CommandType.WAIT, "1", "" + PATIENCE.toMillis());
            case DISK -> written(stream, entries, WAITAOF, "1", "0", "" + PATIENCE_WITH_DISK.toMillis());
            case NONE ->
                CompletableFuture.failedFuture(new NotDurableException(
                        "durable: nothing was enqueued, because nobody can confirm it: " + server.why()));
        });
    }

    private CompletionStage<@Nullable Object> written(
            String stream, List<List<?>> entries, ProtocolKeyword ask, Object... arguments) {
        return link.at(stream, ask.toString(), server -> {
                    // All of them leave together: a connection that is lost in between fails what comes after, too.
                    List<CompletableFuture<?>> added = new ArrayList<>();
                    for (List<?> entry : entries) {
                        added.add(dispatch(server, CommandType.XADD, with(stream), entry.toArray()));
                    }
                    CompletableFuture<@Nullable Object> asked = dispatch(server, ask, with(null), arguments);
                    return CompletableFuture.allOf(added.toArray(CompletableFuture[]::new))
                            .thenCombine(asked, (all, had) -> had);
                })
                .thenApply(had -> {
                    if (count(had) == 0) {
                        throw new NotDurableException(
                                "durable: enqueued, but no %s confirmed it in time; send the same ids again, one that is there is dropped"
                                        .formatted(ask == CommandType.WAIT ? "replica" : "disk"));
                    }
                    return had;
                });
    }

    /**
     * Completes when a replica has all that was written with this key's server over {@link #link}, or at once where there is
     * none. One that says nothing is left alone for a while. Fails when the server is lost, and with it maybe the write.
     *
     * @param key a shard's, or another of which there are few
     */
    public CompletionStage<@Nullable Object> replicated(String key) {
        long now = nanoTime.getAsLong();
        Long silent = silentUntil.get(key);
        if (silent != null && now - silent < 0) {
            return CompletableFuture.completedFuture(null);
        }
        return replicas.ask(key).thenApply(had -> null);
    }

    /** {@code WAIT} holds what comes behind it on its connection: many of them in a row would add up. */
    private CompletionStage<Long> askReplica(String key) {
        return able(key)
                .thenCompose(server -> server.means() == Means.REPLICA
                        ? link.at(
                                key,
                                "WAIT",
                                wire -> dispatch(wire, CommandType.WAIT, with(null), "1", "" + PATIENCE.toMillis()))
                        : CompletableFuture.completedFuture(1L))
                .thenApply(had -> {
                    if (count(had) == 0) {
                        silentUntil.put(key, nanoTime.getAsLong() + KNOWN.toNanos());
                    }
                    return count(had);
                });
    }

    /** {@code WAITAOF} answers for this server's disk first, for the replicas' then. */
    private static long count(@Nullable Object had) {
        Object first = had instanceof Object[] both ? both[0] : had;
        return first instanceof Long number ? number : 0;
    }

    private CompletionStage<Able> able(String key) {
        Able known = able.get(key);
        if (known != null && nanoTime.getAsLong() - known.asOf() < KNOWN.toNanos()) {
            return CompletableFuture.completedFuture(known);
        }
        return link.at(key, "INFO", server -> dispatch(server, CommandType.INFO, with(null), "everything"))
                .thenApply(info -> read(new String((byte[]) info, StandardCharsets.UTF_8)))
                .whenComplete((found, failure) -> {
                    if (found != null) {
                        able.put(key, found);
                    }
                });
    }

    private Able read(String info) {
        Matcher version = VERSION.matcher(info);
        int number =
                version.find() ? Integer.parseInt(version.group(1)) * 1_000 + Integer.parseInt(version.group(2)) : 0;
        if (REPLICAS.matcher(info).find()) {
            return new Able(Means.REPLICA, "", nanoTime.getAsLong());
        }
        if (!info.contains("aof_enabled:1")) {
            return none("this Redis has no replica and keeps no append-only file");
        }
        return number >= WAITS_FOR_DISK
                ? new Able(Means.DISK, "", nanoTime.getAsLong())
                : none("this Redis has no replica, and before 7.2 it does not tell when its disk has something");
    }

    private Able none(String why) {
        return new Able(Means.NONE, why + "; give it a replica", nanoTime.getAsLong());
    }

    private static CommandArgs<byte[], byte[]> with(@Nullable String key) {
        CommandArgs<byte[], byte[]> args = new CommandArgs<>(ByteArrayCodec.INSTANCE);
        return key == null ? args : args.addKey(key.getBytes(StandardCharsets.UTF_8));
    }

    private static CompletableFuture<@Nullable Object> dispatch(
            RedisClusterAsyncCommands<byte[], byte[]> server,
            ProtocolKeyword command,
            CommandArgs<byte[], byte[]> args,
            Object... more) {
        return server.dispatch(command, new TreeOutput(), RedisLink.addAll(args, more))
                .toCompletableFuture();
    }
}
