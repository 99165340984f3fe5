/**
 * How much is under way at once: slots, bytes, places of a host and of its lanes, demand. Asked by {@code deliver}; knows
 * nothing of requests.
 */
@NullMarked
package io.posthaste.deliver.limit;

import org.jspecify.annotations.NullMarked;
