@NullMarked
package io.posthaste.api;

import org.jspecify.annotations.NullMarked;
