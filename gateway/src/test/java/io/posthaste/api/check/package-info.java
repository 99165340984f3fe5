@NullMarked
package io.posthaste.api.check;

import org.jspecify.annotations.NullMarked;
