/** SHA-256, for all who tell things apart by it. */
@NullMarked
package io.posthaste.digest;

import org.jspecify.annotations.NullMarked;
