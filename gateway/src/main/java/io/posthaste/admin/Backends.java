package io.posthaste.admin;

import io.posthaste.action.Action;
import io.posthaste.job.Job;
import io.posthaste.queue.Deliveries;
import io.posthaste.render.Rendering;
import io.posthaste.store.ActionStore;
import io.posthaste.store.Actions;
import io.posthaste.store.ReportingWebhooks;
import io.posthaste.store.Vault;
import java.util.function.BiFunction;

/**
 * What the API works on.
 *
 * @param renderer renders as deliveries are rendered, for previews
 * @param tests sends what test requests become
 */
public record Backends(
        ActionStore store,
        Actions actions,
        Vault vault,
        ReportingWebhooks reports,
        Deliveries deliveries,
        BiFunction<Action, Job, Rendering> renderer,
        TestSender tests) {}
