@NullMarked
package io.posthaste.send.address;

import org.jspecify.annotations.NullMarked;
