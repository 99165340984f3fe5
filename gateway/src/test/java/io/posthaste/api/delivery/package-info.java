@NullMarked
package io.posthaste.api.delivery;

import org.jspecify.annotations.NullMarked;
