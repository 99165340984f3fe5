/** More shards while everybody works. */
@NullMarked
package io.posthaste.queue.reshape;

import org.jspecify.annotations.NullMarked;
