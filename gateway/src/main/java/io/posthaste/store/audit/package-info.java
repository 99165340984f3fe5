/** The audit trail in Redis. */
@NullMarked
package io.posthaste.store.audit;

import org.jspecify.annotations.NullMarked;
