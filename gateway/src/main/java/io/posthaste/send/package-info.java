/** The one guarded HTTP client: from a signed request to a reply. */
@NullMarked
package io.posthaste.send;

import org.jspecify.annotations.NullMarked;
