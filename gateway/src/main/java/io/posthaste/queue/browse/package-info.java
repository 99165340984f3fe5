/**
 * Looks into the queue: deliveries by id, lists, history, drafts, quarantine; and sends one again. Uses {@code queue} and
 * {@code queue.record}.
 */
@NullMarked
package io.posthaste.queue.browse;

import org.jspecify.annotations.NullMarked;
