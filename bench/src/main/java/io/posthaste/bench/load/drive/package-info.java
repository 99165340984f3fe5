/**
 * One load: {@link Drive} is its course, {@link Producer} what feeds it, {@link Ledger} what happened to every job,
 * {@link Reconciliation} and {@link Latency} what that comes to.
 *
 * <p>Three threads take part: the feed's writer, the feed's reader of answers, and the drive's monitor, which alone
 * fetches arrivals and samples the processes.
 */
@NullMarked
package io.posthaste.bench.load.drive;

import org.jspecify.annotations.NullMarked;
