@NullMarked
package io.posthaste.bench.load.drive;

import org.jspecify.annotations.NullMarked;
