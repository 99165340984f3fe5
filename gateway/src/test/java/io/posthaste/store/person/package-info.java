/** People in Redis. */
@NullMarked
package io.posthaste.store.person;

import org.jspecify.annotations.NullMarked;
