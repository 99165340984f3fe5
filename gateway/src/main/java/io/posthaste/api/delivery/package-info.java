/** Deliveries over HTTP: taken in, looked up, listed, sent again; drafts, operations, the quarantine. */
@NullMarked
package io.posthaste.api.delivery;

import org.jspecify.annotations.NullMarked;
