/** How the gateway is doing: the figures of the dashboard, once a second, and status. */
@NullMarked
package io.posthaste.api.live;

import org.jspecify.annotations.NullMarked;
