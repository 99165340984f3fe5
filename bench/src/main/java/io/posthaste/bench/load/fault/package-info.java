/**
 * The scenarios of the reliability suite: each drives a load, breaks something under it, lets it drain, and judges what
 * became of every job. {@link Scenarios} lists them, {@link Stage} is what they play on.
 */
@NullMarked
package io.posthaste.bench.load.fault;

import org.jspecify.annotations.NullMarked;
