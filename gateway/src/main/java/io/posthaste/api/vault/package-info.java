/** Secrets, snippets and signing keys over HTTP. */
@NullMarked
package io.posthaste.api.vault;

import org.jspecify.annotations.NullMarked;
