/** Receivers' hosts as gateways see them: each one's own view, told to the others through Redis, and all of them together. */
@NullMarked
package io.posthaste.host;

import org.jspecify.annotations.NullMarked;
