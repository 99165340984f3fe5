@NullMarked
package io.posthaste.seal;

import org.jspecify.annotations.NullMarked;
