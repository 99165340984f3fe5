/** Everything that must be right before something is stored, and what is worth a second look. */
@NullMarked
package io.posthaste.api.check;

import org.jspecify.annotations.NullMarked;
