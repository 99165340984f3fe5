/** A Liquid engine: parse, check, compile once; render to UTF-8 bytes. Knows nothing of webhooks, Redis or HTTP. */
@NullMarked
package io.posthaste.liquid;

import org.jspecify.annotations.NullMarked;
