/** Which known word somebody may have meant. Uses the JDK only. */
@NullMarked
package io.posthaste.spelling;

import org.jspecify.annotations.NullMarked;
