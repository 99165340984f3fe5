/**
 * Reporting webhooks: their definitions, how they stand, and the stream they read. Uses {@code json} and {@code redis}.
 */
@NullMarked
package io.posthaste.store.reporting;

import org.jspecify.annotations.NullMarked;
