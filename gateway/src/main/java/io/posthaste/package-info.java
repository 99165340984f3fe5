/**
 * Posthaste, a webhook gateway. This page is the house: the path of a job, its rooms, the threads, the words.
 *
 * <h2>The path of a job</h2>
 *
 * <pre>
 * nouns:      Job ───► RenderedRequest ───► SignedRequest ───► Reply ───► Outcome
 * Redis ─claim─► DeliveryLoop ─► render ─► sign ─► send ─► classify ─► settle ─► Redis
 * (sorted sets     free slots     Liquid    HMAC    Reactor   status       one script: ack | retry | dead | hold
 *  by due time)    decide         compiled  v0      Netty     table        + result record, + frozen request on retry
 *                  demand         cached            pooled
 * </pre>
 *
 * Read {@link io.posthaste.deliver.DeliveryPipeline} first; every stage is one step from there. Only claim, send and
 * settle are asynchronous. Outcomes are values; bugs are exceptions and end in a lease that runs out.
 *
 * <h2>The rooms</h2>
 *
 * <pre>
 * to run it    cli      one class for each command            boot     the only wiring
 * the API      http     listener, guard, routes, problems     api      a package for each subject
 *              redact   what must not be shown
 * the path     deliver  the pipeline and its loop             deliver.limit   how much is under way at once
 *              report   reporting webhooks                    host     what gateways know of receivers' hosts
 * its stages   queue    claim and settle                      queue.record    every byte layout, once
 *                       queue.browse: look-ups, lists         queue.upkeep    retention, repair, operations
 *                       queue.reshape: more shards            redis.layout: which shards there are
 *              render   requests from templates               sign   send   classify
 *              store    actions, people, vault, reporting webhooks, limits of hosts in Redis
 * below        liquid   the template language                 redis   json   seal   metrics   spelling
 * the nouns    job      action      config
 * </pre>
 *
 * A room looks only down. The package test holds every edge; adding one is a decision. Third-party types stay home:
 * Lettuce in redis, queue and store; Liqp in liquid; the Reactor Netty client in send, its server in http; picocli in cli.
 *
 * <p>Where is it decided: when a retry follows? {@code classify.RetrySchedule}. Which headers are sent? {@code render} for an
 * action's own, {@code sign} for the signature. Whether a lane rests? {@code queue/lane.lua}, by {@code api.action}. What the
 * dashboard shows? {@code api.live}. What is masked? {@code redact}.
 *
 * <h2>Threads</h2>
 *
 * <ul>
 *   <li><b>posthaste-claim</b>, one: owns {@code DeliveryLoop}'s fields. Never renders, never waits for a reply.
 *   <li><b>posthaste-render-n</b>, as many as cores: render, sign, and start the send; previews and tests render there
 *       too. May compute up to the render deadline; never waits for the network.
 *   <li><b>posthaste-send-n</b>, the event loops of outbound connections, as many as cores; they classify and hand over to
 *       settle. Never block, never render.
 *   <li><b>posthaste-admin-n</b>, the event loop of the API. Never blocks, never renders.
 *   <li><b>posthaste-api-n</b>, two: check what is saved and put pages together; never wait for the network.
 *   <li><b>posthaste-report</b>, one: builds and signs reporting events; never waits for the network.
 *   <li><b>lettuce-n</b>: Redis' replies. Decode and hand over; never render, never block.
 *   <li><b>posthaste-timer</b>-like daemon threads of stores and settle: wake, start an asynchronous command, return.
 * </ul>
 *
 * <h2>Words</h2>
 *
 * <ul>
 *   <li><b>action</b>: a stored webhook definition. <b>lane</b>: its queue.
 *   <li><b>job</b>: a request to run an action for one person. <b>delivery</b>: a job's life here; same id.
 *   <li><b>attempt</b>: one HTTP request of a delivery. <b>retry</b>: an attempt after the first.
 *   <li><b>lease</b>: a claimed job, and the right to settle it until a deadline. <b>token</b>: proves it.
 *   <li><b>claim</b>: take leases. <b>settle</b>: record the outcome. <b>release</b>: give back unsent.
 *   <li><b>slot</b>: room for one delivery under way in this process. <b>place</b>: room for one attempt to a host.
 *       <b>window</b>: how many places a host has, found from how it answers. <b>silent</b>: does not answer.
 *   <li><b>rate</b>: how many requests a host may get in a second, of all gateways. <b>rate token</b>: one of them, given
 *       to a gateway. <b>purse</b>: those that a gateway has for a host.
 *   <li><b>frozen</b>: the request as first rendered, kept for retries. <b>parked</b>: a body moved out of the inbox.
 *   <li><b>vault</b>: secrets, snippets and signing keys. <b>sealed</b>: encrypted for Redis. <b>masked</b>: not shown.
 *   <li><b>person</b>: whom a job is for; has attributes. <b>attribute update</b>: what an answer sets on the person,
 *       settled together with the success.
 *   <li><b>draft</b>: a delivery that was rendered and waits for somebody to send it. <b>failed</b>: one whose attempts are
 *       over. <b>quarantine</b>: inbox entries that are no jobs.
 *   <li><b>redrive</b>: queue failed deliveries or drafts again. <b>resend</b>: send a delivered one once more.
 *   <li><b>operation</b>: the same done to many deliveries in the background.
 *   <li><b>problem</b>: something wrong in what somebody wrote, told with its place and its fix. <b>notice</b>: a warning of it.
 * </ul>
 */
@NullMarked
package io.posthaste;

import org.jspecify.annotations.NullMarked;
