/** OAuth 2 access tokens: fetched once for all attempts, renewed in time. */
@NullMarked
package io.posthaste.send.token;

import org.jspecify.annotations.NullMarked;
