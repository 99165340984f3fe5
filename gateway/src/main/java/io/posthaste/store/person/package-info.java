/** People and their attributes in Redis. Uses {@code redis}. */
@NullMarked
package io.posthaste.store.person;

import org.jspecify.annotations.NullMarked;
