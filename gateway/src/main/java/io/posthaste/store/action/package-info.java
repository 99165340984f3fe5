/**
 * Actions: as JSON, in Redis with their versions, and as this instance sees them. Uses {@code json} and {@code redis}.
 */
@NullMarked
package io.posthaste.store.action;

import org.jspecify.annotations.NullMarked;
