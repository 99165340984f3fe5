@NullMarked
package io.posthaste.boot;

import org.jspecify.annotations.NullMarked;
