/** What gateways tell each other of receivers' hosts, in Redis. */
@NullMarked
package io.posthaste.store.host;

import org.jspecify.annotations.NullMarked;
