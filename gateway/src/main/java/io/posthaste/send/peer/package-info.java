/** What receivers' hosts were found to be as connections to them were made: addresses, protocols, certificates. */
@NullMarked
package io.posthaste.send.peer;

import org.jspecify.annotations.NullMarked;
