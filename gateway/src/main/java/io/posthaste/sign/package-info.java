/** Timestamps and HMAC-SHA256 signatures. */
@NullMarked
package io.posthaste.sign;

import org.jspecify.annotations.NullMarked;
