@NullMarked
package io.posthaste.deliver;

import org.jspecify.annotations.NullMarked;
