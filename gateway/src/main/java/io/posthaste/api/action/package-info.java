/** Actions over HTTP: saved, previewed, tried, run by hand, counted. */
@NullMarked
package io.posthaste.api.action;

import org.jspecify.annotations.NullMarked;
