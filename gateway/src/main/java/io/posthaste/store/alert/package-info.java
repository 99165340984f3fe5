/** Troubles that last, as Redis keeps them: each is told of once. Uses {@code json} and {@code redis}. */
@NullMarked
package io.posthaste.store.alert;

import org.jspecify.annotations.NullMarked;
