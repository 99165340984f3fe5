@NullMarked
package io.posthaste.http;

import org.jspecify.annotations.NullMarked;
