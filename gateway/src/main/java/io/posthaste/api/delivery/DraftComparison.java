package io.posthaste.api.delivery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.action.Action;
import io.posthaste.api.port.Backends;
import io.posthaste.job.Delivery;
import io.posthaste.job.InlineRequest;
import io.posthaste.job.Job;
import io.posthaste.job.RenderedRequest;
import io.posthaste.json.MalformedJson;
import io.posthaste.render.Rendering;
import io.posthaste.store.action.ActionCodec;
import io.posthaste.store.action.InvalidAction;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** A draft as it was made beside what would be sent now: sending one renders it anew (M81). */
final class DraftComparison {
    private static final List<String> FIELDS = List.of("method", "url", "headers", "body");

    private final Backends backends;
    private final DeliveryJson shown;
    private final Scheduler work;
    private final ActionCodec codec = new ActionCodec();

    DraftComparison(Backends backends, DeliveryJson shown, Scheduler work) {
        this.backends = backends;
        this.shown = shown;
        this.work = work;
    }

    /** @param job the draft's */
    Mono<ObjectNode> of(Delivery draft, Job job) {
        return action(job)
                .flatMap(action -> backends.trial().previews().render(action, job))
                .publishOn(work)
                .map(now -> view(draft, now))
                .onErrorResume(InvalidAction.class, e -> Mono.just(view(draft, new Rendering.Broken(reason(e)))))
                .onErrorResume(MalformedJson.class, e -> Mono.just(view(draft, new Rendering.Broken(reason(e)))))
                .switchIfEmpty(Mono.fromSupplier(() -> view(draft, new Rendering.Broken("unknown action"))));
    }

    private Mono<Action> action(Job job) {
        InlineRequest request = job.request();
        return request == null
                ? backends.store().find(job.lane())
                : Mono.fromSupplier(() -> codec.inline(job.lane(), request.definition()));
    }

    private static String reason(Exception problem) {
        return "action cannot be used: " + problem.getMessage();
    }

    private ObjectNode view(Delivery draft, Rendering now) {
        ObjectNode view = shown.of(draft);
        ArrayNode changes = view.putArray("changes");
        switch (now) {
            case Rendering.Rendered rendered -> {
                compare(changes, draft.request(), rendered.request());
                view.put("problem", "");
            }
            case Rendering.Aborted aborted -> view.put("problem", aborted.reason());
            case Rendering.Broken broken -> view.put("problem", broken.reason());
            case Rendering.NeedsPerson needs -> throw new IllegalStateException("the renderer finds people itself");
        }
        return view;
    }

    private void compare(ArrayNode changes, @Nullable RenderedRequest before, RenderedRequest after) {
        ObjectNode now = shown.of(after);
        ObjectNode was = before == null ? now.objectNode() : shown.of(before);
        for (String field : FIELDS) {
            if (!Objects.equals(was.get(field), now.get(field))) {
                ObjectNode change = changes.addObject().put("field", field);
                change.set("was", was.get(field));
                change.set("now", now.get(field));
            }
        }
    }
}
