/** People over HTTP. */
@NullMarked
package io.posthaste.api.person;

import org.jspecify.annotations.NullMarked;
