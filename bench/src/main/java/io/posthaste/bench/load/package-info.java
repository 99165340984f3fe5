/**
 * The load test: feeds a gateway through Redis as a producer would, accounts for every id, and says what it cost.
 * {@link LoadTest} holds the options, {@link Round} is one measured run.
 *
 * <p>Packages below it, each using only those further down: {@code fault} (the scenarios of the reliability suite),
 * {@code drive} (one load from its first job to the reconciliation of its last), {@code process} and {@code receiver}.
 */
@NullMarked
package io.posthaste.bench.load;

import org.jspecify.annotations.NullMarked;
