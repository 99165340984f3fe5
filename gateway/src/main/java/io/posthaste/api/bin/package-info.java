/** The request bin: receivers to try webhooks on. */
@NullMarked
package io.posthaste.api.bin;

import org.jspecify.annotations.NullMarked;
