/**
 * A load of everything at once for a long time, and whether anything grows under it: {@link Soak} is its course,
 * {@link Mix} what is sent and how it must end, {@link Sampler} looks at the processes, {@link Trend} and
 * {@link Judgement} say whether what it saw is flat.
 */
@NullMarked
package io.posthaste.bench.load.soak;

import org.jspecify.annotations.NullMarked;
