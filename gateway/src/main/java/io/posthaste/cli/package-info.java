/** The commands of a shell, one class each. Uses {@code boot} to run a gateway, and HTTP to talk to one. */
@NullMarked
package io.posthaste.cli;

import org.jspecify.annotations.NullMarked;
