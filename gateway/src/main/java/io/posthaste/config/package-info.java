/** Every setting: one record tree, read once at start. Uses nothing else of ours. */
@NullMarked
package io.posthaste.config;

import org.jspecify.annotations.NullMarked;
