@NullMarked
package io.posthaste.store.reporting;

import org.jspecify.annotations.NullMarked;
