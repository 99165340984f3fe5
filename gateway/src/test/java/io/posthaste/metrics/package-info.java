@NullMarked
package io.posthaste.metrics;

import org.jspecify.annotations.NullMarked;
