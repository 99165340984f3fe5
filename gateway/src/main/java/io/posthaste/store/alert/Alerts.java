package io.posthaste.store.alert;

import com.fasterxml.jackson.databind.JsonNode;
import io.lettuce.core.protocol.CommandType;
import io.posthaste.json.MalformedJson;
import io.posthaste.json.StrictJson;
import io.posthaste.redis.LuaScript;
import io.posthaste.redis.RedisConnections;
import io.posthaste.redis.RedisKeys;
import io.posthaste.redis.RedisLink;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The troubles there are, in Redis: told once, whoever looks. */
public final class Alerts {
    /** Of one look; more would tell nobody more. */
    private static final int MOST = 500;

    private final RedisLink link;
    private final RedisKeys keys;
    private final LuaScript tell = LuaScript.load("alert/tell.lua");
    private final LuaScript failing = LuaScript.load("alert/failing.lua");
    private final StrictJson json = new StrictJson();

    /** @param keys of the shard where a keyspace keeps what is not of one */
    public Alerts(RedisConnections redis, RedisKeys keys) {
        this.link = redis.admin();
        this.keys = keys;
    }

    /** The longest first. */
    public Mono<List<Alert>> all() {
        return Mono.fromCompletionStage(() -> link.send(CommandType.HVALS, keys.alerts()))
                .map(reply -> Stream.of((Object[]) reply)
                        .flatMap(text -> read(text).stream())
                        .sorted(Comparator.comparingLong(Alert::sinceMillis))
                        .toList());
    }

    private List<Alert> read(@Nullable Object text) {
        try {
            JsonNode node = json.read((byte[]) (text == null ? new byte[0] : text));
            for (Alert.Kind kind : Alert.Kind.values()) {
                if (kind.begins().equals(node.path("begins").asText())) {
                    return List.of(new Alert(
                            kind,
                            node.path("subject").asText(),
                            node.path("reason").asText(),
                            node.path("since").asLong()));
                }
            }
        } catch (MalformedJson damaged) {
            // What is no alert is none; the next look writes those there are.
        }
        return List.of();
    }

    /** These are all there are. Answers which of them began, and keys of those that ended, by this. */
    public Mono<Changes> tell(List<Alert> now) {
        List<byte[]> arguments = new ArrayList<>();
        now.stream()
                .limit(MOST)
                .forEach(alert -> Stream.of(
                                alert.key(),
                                alert.kind().begins(),
                                alert.kind().ends(),
                                alert.kind().object(),
                                alert.subject(),
                                alert.reason())
                        .forEach(text -> arguments.add(bytes(text))));
        return run(tell, arguments).map(Alerts::changes);
    }

    /** @param began keys */
    public record Changes(List<String> began, List<String> ended) {}

    private static Changes changes(Object[] reply) {
        List<String> began = new ArrayList<>();
        List<String> ended = new ArrayList<>();
        for (int i = 0; i + 1 < reply.length; i += 2) {
            (text(reply[i + 1]).equals("1") ? began : ended).add(text(reply[i]));
        }
        return new Changes(began, ended);
    }

    /** Since when each of the second lanes had nothing but failures, epoch ms; a success of the first ends that. */
    public Mono<Map<String, Long>> failingSince(Collection<String> succeeded, Collection<String> failed) {
        List<byte[]> arguments = new ArrayList<>();
        List<String> good = succeeded.stream().limit(MOST).toList();
        arguments.add(bytes(Integer.toString(good.size())));
        good.forEach(lane -> arguments.add(bytes(lane)));
        failed.stream().limit(MOST).forEach(lane -> arguments.add(bytes(lane)));
        return run(failing, arguments).map(reply -> {
            Map<String, Long> since = new HashMap<>();
            for (int i = 0; i + 1 < reply.length; i += 2) {
                since.put(text(reply[i]), Long.parseLong(text(reply[i + 1])));
            }
            return since;
        });
    }

    private Mono<Object[]> run(LuaScript script, List<byte[]> arguments) {
        return Mono.fromCompletionStage(() -> script.run(link, bytes(keys.prefix()), arguments))
                .map(reply -> (Object[]) reply);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(@Nullable Object value) {
        return value instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : "";
    }
}
