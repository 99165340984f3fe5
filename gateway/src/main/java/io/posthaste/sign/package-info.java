/** Timestamps and HMAC-SHA256 signatures: made for what is sent, checked for who receives. */
@NullMarked
package io.posthaste.sign;

import org.jspecify.annotations.NullMarked;
