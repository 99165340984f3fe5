package io.posthaste.api.port;

import io.posthaste.action.Action;
import io.posthaste.http.ApiProblem;
import io.posthaste.queue.browse.Deliveries;
import io.posthaste.queue.browse.Erasure;
import io.posthaste.queue.reshape.ShardCount;
import io.posthaste.queue.upkeep.ActionFigures;
import io.posthaste.queue.upkeep.Operations;
import io.posthaste.render.Reference;
import io.posthaste.store.action.ActionStore;
import io.posthaste.store.action.Actions;
import io.posthaste.store.person.PersonStore;
import io.posthaste.store.rate.HostRates;
import io.posthaste.store.reporting.ReportingWebhooks;
import io.posthaste.store.vault.Vault;
import reactor.core.publisher.Mono;

/**
 * What the API works on.
 *
 * @param actions this instance's view of the store
 */
public record Backends(
        ActionStore store,
        Actions actions,
        Vault vault,
        HostRates hostLimits,
        ReportingWebhooks reports,
        PersonStore people,
        Queue queue,
        Trial trial) {

    /**
     * What is done with deliveries.
     *
     * @param grants lets inline actions use secrets
     * @param shards how many there are, and how that changes
     */
    public record Queue(
            Deliveries deliveries,
            Operations operations,
            Erasure erasure,
            ActionFigures figures,
            Grants grants,
            ShardCount shards) {}

    /**
     * How something is tried out before it is sent in earnest.
     *
     * @param renderer renders what is sent
     * @param previews renders what is shown: placeholders stand for secrets, so that no template can tell anything of
     *     them
     * @param answers renders what answers to test requests would set
     * @param sender sends what test requests become
     * @param language what there is to write in templates
     */
    public record Trial(
            JobRenderer renderer,
            JobRenderer previews,
            AnswerRenderer answers,
            TestSender sender,
            Reference language) {}

    /** Lets inline actions use secrets. */
    @FunctionalInterface
    public interface Grants {
        /** What says so, for this definition in that lane. */
        String give(String lane, byte[] definition);
    }

    /** The stored action, or {@link ApiProblem} 404. */
    public Mono<Action> action(String id) {
        return store.find(id).switchIfEmpty(Mono.error(() -> unknownAction(id)));
    }

    public static ApiProblem unknownAction(String id) {
        return ApiProblem.notFound("action " + id);
    }
}
