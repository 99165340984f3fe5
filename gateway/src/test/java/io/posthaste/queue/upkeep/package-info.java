@NullMarked
package io.posthaste.queue.upkeep;

import org.jspecify.annotations.NullMarked;
