@NullMarked
package io.posthaste.store.action;

import org.jspecify.annotations.NullMarked;
