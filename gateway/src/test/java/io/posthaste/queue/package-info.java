/** The job engine against a real Redis: its contract, its promises under faults, and a model it is compared with. */
@NullMarked
package io.posthaste.queue;

import org.jspecify.annotations.NullMarked;
