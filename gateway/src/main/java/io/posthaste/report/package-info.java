/** Reporting webhooks: what happened to deliveries, told in order to whoever asked (M84, M85). */
@NullMarked
package io.posthaste.report;

import org.jspecify.annotations.NullMarked;
