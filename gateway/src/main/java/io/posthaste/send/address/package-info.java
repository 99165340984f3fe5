/** Which addresses may be dialled, judged where names are looked up and once more as each connection begins. */
@NullMarked
package io.posthaste.send.address;

import org.jspecify.annotations.NullMarked;
