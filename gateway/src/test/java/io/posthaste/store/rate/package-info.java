@NullMarked
package io.posthaste.store.rate;

import org.jspecify.annotations.NullMarked;
