@NullMarked
package io.posthaste.redact;

import org.jspecify.annotations.NullMarked;
