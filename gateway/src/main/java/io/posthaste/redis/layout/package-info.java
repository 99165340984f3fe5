/** How many shards a keyspace has, and had before, as it changes while everybody works. Uses {@code redis}. */
@NullMarked
package io.posthaste.redis.layout;

import org.jspecify.annotations.NullMarked;
