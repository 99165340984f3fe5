package io.posthaste.liquid.filter;

import io.posthaste.liquid.value.Budget;
import java.time.Instant;
import java.util.random.RandomGenerator;

/**
 * What a filter may use beside its input.
 *
 * @param now the moment the render started: the same in all its places
 */
public record FilterContext(Budget budget, Instant now, RandomGenerator random) {}
