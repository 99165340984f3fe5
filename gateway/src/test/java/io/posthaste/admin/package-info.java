@NullMarked
package io.posthaste.admin;

import org.jspecify.annotations.NullMarked;
