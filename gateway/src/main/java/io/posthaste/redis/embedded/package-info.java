/** A Redis of the gateway's own: found on the machine, started in a directory that one gateway has, and stopped with it. */
@NullMarked
package io.posthaste.redis.embedded;

import org.jspecify.annotations.NullMarked;
