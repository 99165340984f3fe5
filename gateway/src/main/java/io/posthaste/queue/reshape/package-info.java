/** The number of shards changes while everybody works. Uses {@code action}, {@code metrics}, {@code queue} and its rooms, {@code redis}, {@code redis.layout}, {@code store.action} and {@code store.person}. */
@NullMarked
package io.posthaste.queue.reshape;

import org.jspecify.annotations.NullMarked;
