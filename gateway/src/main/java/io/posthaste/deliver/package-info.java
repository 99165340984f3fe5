/** The loop that claims and the pipeline that delivers. */
@NullMarked
package io.posthaste.deliver;

import org.jspecify.annotations.NullMarked;
