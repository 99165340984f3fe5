@NullMarked
package io.posthaste.report;

import org.jspecify.annotations.NullMarked;
