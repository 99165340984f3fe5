/** Whom a job is for, as its data tell it. Uses {@code job} and {@code liquid.value}. */
@NullMarked
package io.posthaste.subject;

import org.jspecify.annotations.NullMarked;
