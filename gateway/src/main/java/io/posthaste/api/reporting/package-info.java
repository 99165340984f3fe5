/** Reporting webhooks over HTTP. */
@NullMarked
package io.posthaste.api.reporting;

import org.jspecify.annotations.NullMarked;
