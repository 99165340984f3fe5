/**
 * The load test: feeds a gateway through Redis as a producer would, accounts for every id, and says what it cost.
 *
 * <p>Read {@link io.posthaste.bench.load.LoadTest} for the options, then {@link io.posthaste.bench.load.Drive}, which
 * is one load from its first job to the reconciliation of its last. Three threads take part: the feed's writer, the
 * feed's reader of answers, and the drive's monitor, which alone fetches arrivals and samples the processes.
 */
@NullMarked
package io.posthaste.bench.load;

import org.jspecify.annotations.NullMarked;
