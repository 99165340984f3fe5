/**
 * Posthaste, a webhook gateway. This page is the house: the path of a job, who may know whom, the threads, the words.
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
 * <h2>Who may know whom</h2>
 *
 * <pre>
 * layer 4   root: Main and its commands, Gateway and its *Wiring
 * layer 3   deliver   admin   report                         siblings never import each other
 * layer 2   queue  store  render  sign  send  classify      siblings never import each other
 * layer 1   redis  metrics  liquid  seal                     liquid and seal know nothing of ours
 * layer 0   job  action  config                              job and action: JDK types only
 * </pre>
 *
 * Third-party types stay home: Lettuce in redis, queue and store; Liqp in liquid; the Reactor Netty client in send, its server in admin.
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
 *   <li><b>frozen</b>: the request as first rendered, kept for retries. <b>parked</b>: a body moved out of the inbox.
 *   <li><b>vault</b>: secrets, snippets and signing keys. <b>sealed</b>: encrypted for Redis.
 *   <li><b>person</b>: whom a job is for; has attributes. <b>attribute update</b>: what an answer sets on the person,
 *       settled together with the success.
 *   <li><b>held</b>: a draft that waits for a person. <b>redrive</b>: send failed deliveries again.
 * </ul>
 */
@NullMarked
package io.posthaste;

import org.jspecify.annotations.NullMarked;
