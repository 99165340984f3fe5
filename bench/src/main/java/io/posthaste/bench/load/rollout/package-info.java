/**
 * Two versions of the gateway on one keyspace: exchanged one after the other under load.
 *
 * <p>May use the drive, the processes and the loads of the fault scenarios.
 */
@NullMarked
package io.posthaste.bench.load.rollout;

import org.jspecify.annotations.NullMarked;
