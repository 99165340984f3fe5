/**
 * The one guarded HTTP client: from a signed request to a reply.
 *
 * <p>A URL becomes a {@link io.posthaste.send.Target} once; {@link io.posthaste.send.HeaderRules} judge the headers; then
 * {@link io.posthaste.send.RequestSender} sends through {@link io.posthaste.send.HttpClients}, whose every connection has
 * a guard before the dial and one behind the codec. Replies come on an event loop of the client, time-outs on its
 * deadline thread; neither may be blocked.
 */
@NullMarked
package io.posthaste.send;

import org.jspecify.annotations.NullMarked;
