/**
 * The queue against a model: {@link io.posthaste.queue.model.QueueModel} does random deeds to a shard, one class each, and
 * {@link io.posthaste.queue.model.Memory} knows what must have come of them.
 */
@NullMarked
package io.posthaste.queue.model;

import org.jspecify.annotations.NullMarked;
