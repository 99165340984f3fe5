/** What connecting, scripts and the start-up checks do when Redis is not as wished. */
@NullMarked
package io.posthaste.redis;

import org.jspecify.annotations.NullMarked;
