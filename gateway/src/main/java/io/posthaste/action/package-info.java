/** The stored definition of a webhook: what to send, to whom, and how hard to try. JDK types only. */
@NullMarked
package io.posthaste.action;

import org.jspecify.annotations.NullMarked;
