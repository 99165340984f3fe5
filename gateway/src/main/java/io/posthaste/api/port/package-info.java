/** What the subjects of the API need of the process: stores, queue, rendering, time, threads. */
@NullMarked
package io.posthaste.api.port;

import org.jspecify.annotations.NullMarked;
