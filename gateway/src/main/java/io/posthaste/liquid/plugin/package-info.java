/** Filters from outside: classes written against Liqp's filter interface, named in the configuration. */
@NullMarked
package io.posthaste.liquid.plugin;

import org.jspecify.annotations.NullMarked;
