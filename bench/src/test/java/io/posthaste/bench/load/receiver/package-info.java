@NullMarked
package io.posthaste.bench.load.receiver;

import org.jspecify.annotations.NullMarked;
