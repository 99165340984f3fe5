package io.posthaste.admin;

import io.posthaste.action.Action;
import io.posthaste.queue.ActionFigures;
import io.posthaste.queue.Deliveries;
import io.posthaste.queue.Operations;
import io.posthaste.store.ActionStore;
import io.posthaste.store.Actions;
import io.posthaste.store.PersonStore;
import io.posthaste.store.ReportingWebhooks;
import io.posthaste.store.Vault;
import reactor.core.publisher.Mono;

/**
 * What the API works on.
 *
 * @param renderer renders what is sent
 * @param previews renders what is shown: placeholders stand for secrets, so that no template can tell anything of them
 * @param answers renders what answers to test requests would set
 * @param tests sends what test requests become
 */
public record Backends(
        ActionStore store,
        Actions actions,
        Vault vault,
        ReportingWebhooks reports,
        Deliveries deliveries,
        PersonStore people,
        JobRenderer renderer,
        JobRenderer previews,
        AnswerRenderer answers,
        TestSender tests,
        Operations operations,
        ActionFigures figures,
        Grants grants) {

    /** Lets inline actions use secrets. */
    @FunctionalInterface
    public interface Grants {
        /** What says so, for this definition in that lane. */
        String give(String lane, byte[] definition);
    }

    /** The stored action, or {@link ApiProblem} 404. */
    Mono<Action> action(String id) {
        return store.find(id).switchIfEmpty(Mono.error(() -> unknownAction(id)));
    }

    static ApiProblem unknownAction(String id) {
        return ApiProblem.notFound("action " + id);
    }
}
