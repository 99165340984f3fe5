/** What must not be shown: masks secrets in URLs, values under telling names, and wherever they turn up again. */
@NullMarked
package io.posthaste.redact;

import org.jspecify.annotations.NullMarked;
