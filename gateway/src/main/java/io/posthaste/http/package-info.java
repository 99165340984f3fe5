/**
 * The API's server: one listener, one guard, one route table; callers, tokens, rates, problems. Knows no subject of the
 * API.
 */
@NullMarked
package io.posthaste.http;

import org.jspecify.annotations.NullMarked;
