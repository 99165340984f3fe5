@NullMarked
package io.posthaste.queue.record;

import org.jspecify.annotations.NullMarked;
