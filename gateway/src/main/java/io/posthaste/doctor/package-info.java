/**
 * Looks for what breaks in production and says how to mend it: the servers of Redis, the process and its machine, the way to
 * receivers, keys. Each check is by itself; what cannot be checked is told and stops no other.
 */
@NullMarked
package io.posthaste.doctor;

import org.jspecify.annotations.NullMarked;
