package io.posthaste.deliver;

import io.posthaste.job.Outcome;
import io.posthaste.job.RenderedRequest;
import io.posthaste.render.Rendering;
import io.posthaste.render.RequestRenderer;
import io.posthaste.send.InvalidUrlException;
import io.posthaste.send.RequestSender;
import io.posthaste.store.DamagedRecord;
import io.posthaste.store.StoreOutage;
import reactor.core.publisher.Mono;

/** A job's request: rendered the first time, the same bytes ever after (M26), and its URL taken apart. */
public final class RequestMaking {
    private final PersonLookup people;
    private final RequestRenderer renderer;
    private final RequestSender sender;

    public RequestMaking(PersonLookup people, RequestRenderer renderer, RequestSender sender) {
        this.people = people;
        this.renderer = renderer;
        this.sender = sender;
    }

    Mono<Course.Made> make(Course.Admitted admitted) {
        RenderedRequest unchanged = admitted.flight().lease().unchanged();
        return unchanged != null ? Mono.just(ready(admitted, unchanged)) : render(admitted);
    }

    private Mono<Course.Made> render(Course.Admitted admitted) {
        Rendering rendering =
                renderer.render(admitted.action(), admitted.flight().job());
        return rendering instanceof Rendering.NeedsPerson needs
                ? renderFor(needs.id(), admitted)
                : Mono.just(made(admitted, rendering));
    }

    private Mono<Course.Made> renderFor(String person, Course.Admitted admitted) {
        return people.find(person)
                .map(found ->
                        renderer.render(admitted.action(), admitted.flight().job(), found))
                .map(rendering -> made(admitted, rendering))
                .onErrorResume(
                        DamagedRecord.class,
                        damaged -> Mono.just(Course.Ended.failed(admitted.flight(), damaged.getMessage())))
                .onErrorResume(StoreOutage.class, outage -> Mono.just(Course.Ended.later(admitted.flight())));
    }

    private Course.Made made(Course.Admitted admitted, Rendering rendering) {
        return switch (rendering) {
            case Rendering.Rendered rendered ->
                admitted.flight().becomesDraft(admitted.action())
                        ? drafted(admitted, rendered.request())
                        : ready(admitted, rendered.request());
            case Rendering.Broken broken -> Course.Ended.failed(admitted.flight(), broken.reason());
            case Rendering.Aborted aborted ->
                Course.Ended.without(admitted.flight(), new Outcome.Aborted(aborted.reason()));
            case Rendering.NeedsPerson needs -> throw new IllegalStateException("the person is at hand");
        };
    }

    private static Course.Made drafted(Course.Admitted admitted, RenderedRequest request) {
        boolean holds = !admitted.action().responseAttributes().isEmpty();
        return new Course.Ended(admitted.flight(), new Outcome.Drafted(request, holds), request);
    }

    private Course.Made ready(Course.Admitted admitted, RenderedRequest request) {
        try {
            return new Course.Rendered(admitted.flight(), admitted.action(), request, sender.targetOf(request));
        } catch (InvalidUrlException e) {
            return Course.Ended.failed(admitted.flight(), "invalid URL after rendering: " + e.problem());
        }
    }
}
