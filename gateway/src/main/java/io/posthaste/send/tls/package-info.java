/** TLS to receivers: whom to trust, who the gateway is, and why a certificate was refused. */
@NullMarked
package io.posthaste.send.tls;

import org.jspecify.annotations.NullMarked;
