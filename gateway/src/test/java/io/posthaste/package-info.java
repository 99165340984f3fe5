@NullMarked
package io.posthaste;

import org.jspecify.annotations.NullMarked;
