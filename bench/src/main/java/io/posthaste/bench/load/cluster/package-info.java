/** The reliability suite on a cluster of Redis servers with several gateways. */
@NullMarked
package io.posthaste.bench.load.cluster;

import org.jspecify.annotations.NullMarked;
