@NullMarked
package io.posthaste.redis.embedded;

import org.jspecify.annotations.NullMarked;
