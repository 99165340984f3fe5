/** What hosts may be sent, as the API has it. */
@NullMarked
package io.posthaste.api.host;

import org.jspecify.annotations.NullMarked;
