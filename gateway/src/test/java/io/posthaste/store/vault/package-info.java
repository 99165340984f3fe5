@NullMarked
package io.posthaste.store.vault;

import org.jspecify.annotations.NullMarked;
