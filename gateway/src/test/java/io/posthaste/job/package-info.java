@NullMarked
package io.posthaste.job;

import org.jspecify.annotations.NullMarked;
