/** What a reply means: the status table and the retry schedule. */
@NullMarked
package io.posthaste.classify;

import org.jspecify.annotations.NullMarked;
