package io.posthaste.boot;

import io.posthaste.classify.ReplyClassifier;
import io.posthaste.classify.RetrySchedule;
import io.posthaste.config.GatewayConfig;
import io.posthaste.deliver.ActionLookup;
import io.posthaste.deliver.Admission;
import io.posthaste.deliver.AttemptStory;
import io.posthaste.deliver.DeliveryLoop;
import io.posthaste.deliver.DeliveryPipeline;
import io.posthaste.deliver.LanePauses;
import io.posthaste.deliver.PersonLookup;
import io.posthaste.deliver.PersonUpdates;
import io.posthaste.deliver.Progress;
import io.posthaste.deliver.RemotePeople;
import io.posthaste.deliver.RequestMaking;
import io.posthaste.deliver.Settling;
import io.posthaste.deliver.limit.HostGate;
import io.posthaste.deliver.limit.HostLimits;
import io.posthaste.deliver.limit.RateLimits;
import io.posthaste.job.InlineRequest;
import io.posthaste.job.Job;
import io.posthaste.metrics.DeliveryMetrics;
import io.posthaste.queue.JobQueues;
import io.posthaste.seal.InlineGrants;
import io.posthaste.send.RequestSender;
import io.posthaste.sign.RequestSigner;
import io.posthaste.store.StoreOutage;
import io.posthaste.store.action.ActionCodec;
import io.posthaste.store.action.Actions;
import io.posthaste.store.person.PersonStore;
import io.posthaste.trace.Traces;
import java.util.Random;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The path of a job: the pipeline with its stages, and the loop that brings it jobs. */
record DeliveryWiring(
        Foundation on,
        RenderWiring rendering,
        Actions actions,
        PersonStore people,
        RemotePeople remote,
        HostLimits hosts,
        RateLimits rates,
        Progress progress,
        InlineGrants grants,
        LanePauses pauses,
        AttemptStory story,
        Traces traces) {
    private static final Logger log = LoggerFactory.getLogger(Gateway.class);

    /** Of the heap, for bodies in flight: the rest is for rendering, an eighth, for answers, and for the collector. */
    private static final int SHARE_OF_BODIES = 4;

    private static final int SHARE_OF_ANSWERS = 8;

    static HostLimits hosts(GatewayConfig config) {
        return new HostLimits(
                config.send().maxInFlight(), config.send().maxInFlightPerHost(), bytesOfBodies(), System::nanoTime);
    }

    private static long bytesOfBodies() {
        return Runtime.getRuntime().maxMemory() / SHARE_OF_BODIES;
    }

    /** From now on jobs are taken. */
    void start(JobQueues queues, RequestSigner signer, RequestSender sender, Settling settling) {
        DeliveryPipeline pipeline = pipeline(queues, signer, sender, settling);
        DeliveryLoop loop =
                new DeliveryLoop(queues, pipeline, rendering.workers()::execute, progress, settings(on.config()));
        DeliveryMetrics metrics = on.metrics();
        metrics.gauge("posthaste.in.flight", "Deliveries started and not yet settled", loop, DeliveryLoop::inFlight);
        metrics.gauge(
                "posthaste.in.flight.bytes", "Heap set aside for their bodies", loop, DeliveryLoop::bytesInFlight);
        metrics.gauge("posthaste.unsettled", "Outcomes that wait for Redis", queues, JobQueues::unsettled);
        metrics.gauge("posthaste.hosts", "Hosts with attempts in flight or in trouble", hosts, HostLimits::hosts);
        metrics.gauge(
                "posthaste.hosts.held.back",
                "Hosts in trouble, with fewer places",
                hosts,
                h -> h.heldBack().size());
        metrics.gauge(
                "posthaste.host.limit.waits",
                "Jobs given back since the start because the limit of their host was reached",
                rates,
                RateLimits::refusals);
        on.lifecycle().onStop("delivery loop", () -> drain(loop, queues));
        loop.start();
    }

    private DeliveryPipeline pipeline(JobQueues queues, RequestSigner signer, RequestSender sender, Settling settling) {
        ActionLookup actionLookup = new ActionLookup(
                actions::cached,
                id -> actions.find(id).onErrorMap(StoreOutage::of),
                new ActionCodec(),
                this::isTrusted,
                rendering.scheduler());
        PersonLookup personLookup =
                new PersonLookup(id -> people.current(id).onErrorMap(StoreOutage::of), rendering.scheduler());
        PersonUpdates updates = new PersonUpdates(
                personLookup,
                remote,
                rendering.attributes(),
                settling,
                new PersonUpdates.Surroundings(rendering.scheduler(), on.timer(), on.clock(), on.random()));
        HostGate gate = new HostGate(hosts, rates);
        return new DeliveryPipeline(
                new DeliveryPipeline.Stages(
                        actionLookup,
                        new Admission(queues, sender, gate, on.clock()),
                        new RequestMaking(personLookup, rendering.requests(), sender),
                        signer,
                        new DeliveryPipeline.Stages.Sending(gate, sender, new ReplyClassifier(retries()), story),
                        new DeliveryPipeline.Stages.Ending(updates, settling, pauses, traces)),
                on.clock());
    }

    /** Whether the inline action of a job may use secrets: because the operator trusts all producers, or an admin asked for it. */
    private boolean isTrusted(Job job) {
        InlineRequest request = job.request();
        String grant = request == null ? null : request.grant();
        return on.config().inline().secrets()
                || (request != null && grant != null && grants.holds(job.lane(), request.definition(), grant));
    }

    private RetrySchedule retries() {
        return new RetrySchedule(
                new Random(on.random().nextLong()),
                RetrySchedule.JITTER,
                on.config().time().scale());
    }

    private static DeliveryLoop.Settings settings(GatewayConfig config) {
        return new DeliveryLoop.Settings(
                config.send().maxInFlight(),
                bytesOfBodies(),
                Runtime.getRuntime().maxMemory() / SHARE_OF_ANSWERS,
                config.queue().batch(),
                config.queue().idlePoll(),
                config.queue().maxReclaims());
    }

    private void drain(DeliveryLoop loop, JobQueues queues) {
        boolean drained = loop.stop(on.config().queue().drainTimeout());
        if (!drained) {
            log.atWarn()
                    .addKeyValue("in_flight", loop.inFlight())
                    .addKeyValue("unsettled", queues.unsettled())
                    .log("gateway.drain_incomplete");
        }
    }
}
