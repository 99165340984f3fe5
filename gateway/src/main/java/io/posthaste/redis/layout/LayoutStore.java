package io.posthaste.redis.layout;

import io.lettuce.core.protocol.CommandType;
import io.posthaste.redis.Keyspace;
import io.posthaste.redis.LuaScript;
import io.posthaste.redis.RedisConnections;
import io.posthaste.redis.RedisLink;
import io.posthaste.redis.Shards;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The layout in {@code posthaste:meta}: beside {@code version}, {@code shards} and {@code tags}, which producers go by too,
 * {@code epoch}, {@code phase}, {@code from} and {@code to} (tags), {@code paused}, and {@code order}, which is {@code wait}
 * while producers must not write jobs with an order.
 */
public final class LayoutStore {
    private static final String META = "posthaste:meta";

    private static final String SETTLED = "1";

    /** What {@link Shards} writes. */
    private static final Pattern TAGS = Pattern.compile("[0-9]+(?:-[0-9]+)?(?:,[0-9]+-[0-9]+)*");

    private final RedisConnections redis;
    private final RedisLink link;
    private final LuaScript turn = LuaScript.load("layout/turn.lua");

    public LayoutStore(RedisConnections redis) {
        this.redis = redis;
        this.link = redis.durable().link();
    }

    /** Empty when what stands there was not written by Posthaste. */
    public Mono<Layout> read() {
        return Mono.fromCompletionStage(() ->
                        redis.admin().send(CommandType.HMGET, META, "epoch", "phase", "tags", "from", "to", "paused"))
                .mapNotNull(reply -> layout((Object[]) reply));
    }

    private static @Nullable Layout layout(@Nullable Object[] fields) {
        Shards tags = shards(text(fields[2]));
        if (tags == null) {
            return null;
        }
        Shards from = shards(text(fields[3]));
        Shards to = shards(text(fields[4]));
        return new Layout(
                text(fields[0]).matches("[0-9]{1,15}") ? Long.parseLong(text(fields[0])) : 0,
                Phase.of(text(fields[1])),
                from == null ? tags : from,
                to == null ? tags : to,
                !text(fields[5]).isEmpty());
    }

    private static @Nullable Shards shards(String tags) {
        Shards shards = TAGS.matcher(tags).matches() ? Shards.of(tags) : Shards.ONE;
        return shards.tags().equals(tags) && Integer.bitCount(shards.count()) == 1 && shards.count() <= Shards.MOST
                ? shards
                : null;
    }

    private static String text(@Nullable Object value) {
        return value instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : "";
    }

    /** Begins a change. False when somebody took another step meanwhile, as with all that follow. */
    public Mono<Boolean> begin(Layout settled, Shards to) {
        Layout next = new Layout(0, Phase.PREPARING, settled.to(), to, false);
        return write(settled, next);
    }

    /** From this layout to the next phase. */
    public Mono<Boolean> advance(Layout layout) {
        return write(layout, new Layout(0, layout.phase().next(), layout.from(), layout.to(), false));
    }

    /** Holds the change where it is, or lets it go on. */
    public Mono<Boolean> pause(Layout layout, boolean paused) {
        return write(layout, new Layout(0, layout.phase(), layout.from(), layout.to(), paused));
    }

    /** Nobody needs to know any more where things were before the last change. */
    public Mono<Boolean> forget(Layout settled) {
        return write(settled, Layout.of(settled.to()));
    }

    /** Answered when a replica has it, too: what follows must not outlive it. */
    private Mono<Boolean> write(Layout expected, Layout next) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("version", next.isChanging() ? Keyspace.CHANGING : SETTLED);
        fields.put("phase", next.isChanging() ? next.phase().text() : "");
        fields.put("from", next.from().equals(next.to()) ? "" : next.from().tags());
        fields.put("to", next.isChanging() ? next.to().tags() : "");
        fields.put("tags", next.now().tags());
        fields.put("shards", "" + next.now().count());
        fields.put("order", next.phase() == Phase.HOLDING ? "wait" : "");
        fields.put("paused", next.paused() ? "1" : "");
        List<byte[]> arguments = new ArrayList<>();
        arguments.add(bytes("" + expected.epoch()));
        fields.forEach((name, value) -> {
            arguments.add(bytes(name));
            arguments.add(bytes(value));
        });
        return Mono.fromCompletionStage(() -> turn.runOn(link, META, arguments))
                .map(Long.valueOf(1)::equals)
                .delayUntil(written ->
                        Mono.fromCompletionStage(() -> redis.durable().replicated(META)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
