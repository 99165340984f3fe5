/** The audit trail over HTTP. */
@NullMarked
package io.posthaste.api.audit;

import org.jspecify.annotations.NullMarked;
