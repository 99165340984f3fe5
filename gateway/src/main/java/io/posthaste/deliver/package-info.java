/**
 * The loop that claims ({@link io.posthaste.deliver.DeliveryLoop}) and the pipeline that delivers
 * ({@link io.posthaste.deliver.DeliveryPipeline}): find, admit, render, sign, send, classify, settle. Between two steps a
 * lease is a {@code Course}. How much may be in flight is said by {@code Demand} (all), {@link
 * io.posthaste.deliver.HostLimits} (each host) and {@code Slots} (bytes).
 */
@NullMarked
package io.posthaste.deliver;

import org.jspecify.annotations.NullMarked;
