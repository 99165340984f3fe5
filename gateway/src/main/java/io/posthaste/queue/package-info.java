/** The job engine on Redis: claim, settle, and the state a delivery is in between. */
@NullMarked
package io.posthaste.queue;

import org.jspecify.annotations.NullMarked;
