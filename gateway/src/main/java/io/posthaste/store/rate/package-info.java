/** How many requests a host may get from all gateways together: what is set, and what of it is left. */
@NullMarked
package io.posthaste.store.rate;

import org.jspecify.annotations.NullMarked;
