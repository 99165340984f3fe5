/**
 * The far end of a load test, in a process of its own: takes requests as cheaply as it can, remembers when each
 * arrived, and misbehaves on demand. One event loop serves all connections and owns all state; the control port's
 * threads hand their work over to it.
 */
@NullMarked
package io.posthaste.bench.load.receiver;

import org.jspecify.annotations.NullMarked;
