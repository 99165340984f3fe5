@NullMarked
package io.posthaste.deliver.limit;

import org.jspecify.annotations.NullMarked;
