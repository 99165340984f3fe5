package io.posthaste.store.reporting;

import static io.posthaste.store.reporting.ReportScripts.load;
import static io.posthaste.store.reporting.ReportScripts.number;
import static io.posthaste.store.reporting.ReportScripts.text;

import io.posthaste.json.MalformedJson;
import io.posthaste.redis.LuaScript;
import io.posthaste.redis.RedisKeys;
import io.posthaste.redis.RedisLink;
import io.posthaste.redis.TreeOutput;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Reporting webhooks in Redis. While at least one is enabled, the engine's scripts write what happens to the stream that
 * {@link ReportFeed} reads; each write here is one script that keeps the two in step.
 */
public final class ReportingWebhookStore {
    /** Each event is sent to each of them. */
    public static final int MOST = 20;

    private static final Logger log = LoggerFactory.getLogger(ReportingWebhookStore.class);

    private final ReportScripts scripts;
    private final int entriesKept;
    private final ReportingWebhookCodec codec = new ReportingWebhookCodec();
    private final LuaScript save = load("save");
    private final LuaScript delete = load("delete");
    private final LuaScript resume = load("resume");
    private final LuaScript list = load("list");

    /** A webhook and how it stands. */
    public record Standing(ReportingWebhook webhook, ReportStatus status) {
        Standing and(Standing other) {
            return new Standing(webhook, status.and(other.status));
        }
    }

    /** @param entriesKept on the stream, whoever has not read them yet */
    public ReportingWebhookStore(RedisLink redis, RedisKeys keys, int entriesKept) {
        this.scripts = new ReportScripts(redis, keys);
        this.entriesKept = entriesKept;
    }

    /** Creates or replaces. Answers what was stored, with its times; empty when there are {@link #MOST} others. */
    public Mono<ReportingWebhook> save(ReportingWebhook webhook) {
        String id = webhook.id();
        String definition = codec.write(webhook).toString();
        return scripts.run(save, id, definition, webhook.enabled() ? 1 : 0, MOST, entriesKept)
                .map(stored -> codec.stored(id, text(stored)).webhook());
    }

    /** Whether there was one. */
    public Mono<Boolean> delete(String id) {
        return scripts.run(delete, id, entriesKept).map(Long.valueOf(1)::equals);
    }

    /** Ends a pause or a wait between two attempts. Whether there is such a webhook. */
    public Mono<Boolean> resume(String id) {
        return scripts.run(resume, id).map(Long.valueOf(1)::equals);
    }

    /** In the order of ids; one that cannot be used is left out and logged. */
    public Mono<List<Standing>> list() {
        return scripts.run(list).map(reply -> standings((Object[]) reply));
    }

    private List<Standing> standings(@Nullable Object[] reply) {
        List<Standing> all = new ArrayList<>();
        for (int i = 1; i + 2 < reply.length; i += 3) {
            ReportingWebhook webhook = usable(text(reply[i]), text(reply[i + 1]));
            if (webhook != null && reply[i + 2] instanceof Object[] state) {
                all.add(new Standing(webhook, ReportStatus.of(TreeOutput.texts(state), number(reply[0]))));
            }
        }
        all.sort(Comparator.comparing(standing -> standing.webhook().id()));
        return List.copyOf(all);
    }

    private @Nullable ReportingWebhook usable(String id, String document) {
        try {
            ReportingWebhookCodec.Reading reading = codec.stored(id, document);
            if (reading.problems().isEmpty()) {
                return reading.webhook();
            }
            log.atWarn().addKeyValue("webhook", id).log("report.webhook_unusable");
        } catch (MalformedJson broken) {
            log.atWarn()
                    .addKeyValue("webhook", id)
                    .addKeyValue("problem", broken.getMessage())
                    .log("report.webhook_unusable");
        }
        return null;
    }
}
