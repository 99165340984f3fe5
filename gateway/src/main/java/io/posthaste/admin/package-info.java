/** The HTTP API: one route table, one guard before it, handlers that are functions from a call to an answer. */
@NullMarked
package io.posthaste.admin;

import org.jspecify.annotations.NullMarked;
