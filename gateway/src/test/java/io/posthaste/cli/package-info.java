@NullMarked
package io.posthaste.cli;

import org.jspecify.annotations.NullMarked;
