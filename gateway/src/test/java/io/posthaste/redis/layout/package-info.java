/** Which shards there are, and its change in Redis. */
@NullMarked
package io.posthaste.redis.layout;

import org.jspecify.annotations.NullMarked;
