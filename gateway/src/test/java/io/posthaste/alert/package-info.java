/** Tests of alerts. */
@NullMarked
package io.posthaste.alert;

import org.jspecify.annotations.NullMarked;
