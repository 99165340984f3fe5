/** From a job and its action to the request's bytes. */
@NullMarked
package io.posthaste.render;

import org.jspecify.annotations.NullMarked;
