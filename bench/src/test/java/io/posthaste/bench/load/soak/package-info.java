@NullMarked
package io.posthaste.bench.load.soak;

import org.jspecify.annotations.NullMarked;
