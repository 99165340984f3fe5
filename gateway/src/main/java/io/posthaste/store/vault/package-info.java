/**
 * Secrets, snippets and signing keys, sealed in Redis and open in memory. Uses {@code json}, {@code redis}, {@code seal}.
 */
@NullMarked
package io.posthaste.store.vault;

import org.jspecify.annotations.NullMarked;
