/**
 * What keeps the queue right in the background: retention, repair, operations on many deliveries, figures. Uses
 * {@code queue}.
 */
@NullMarked
package io.posthaste.queue.upkeep;

import org.jspecify.annotations.NullMarked;
