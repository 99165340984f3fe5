@NullMarked
package io.posthaste.json;

import org.jspecify.annotations.NullMarked;
