/** How many shards there are, and their change. */
@NullMarked
package io.posthaste.api.shards;

import org.jspecify.annotations.NullMarked;
