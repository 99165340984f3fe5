/** Encryption of what must not be read in Redis, under keys that Redis never sees (SEC-1). */
@NullMarked
package io.posthaste.seal;

import org.jspecify.annotations.NullMarked;
