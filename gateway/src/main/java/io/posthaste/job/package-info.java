/** What flows through the gateway: the values one job becomes, in order. JDK types only; uses nothing else of ours. */
@NullMarked
package io.posthaste.job;

import org.jspecify.annotations.NullMarked;
