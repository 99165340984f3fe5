/** What was changed through the API, by whom and from where. */
@NullMarked
package io.posthaste.audit;

import org.jspecify.annotations.NullMarked;
