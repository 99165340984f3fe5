/** What operators store in Redis: actions with their versions, and keys. */
@NullMarked
package io.posthaste.store;

import org.jspecify.annotations.NullMarked;
