@NullMarked
package io.posthaste.store;

import org.jspecify.annotations.NullMarked;
