/** Connections: what it takes to reach some receivers, beside an address. */
@NullMarked
package io.posthaste.connection;

import org.jspecify.annotations.NullMarked;
