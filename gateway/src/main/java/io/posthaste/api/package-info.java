/** The API put together: the route table of all subjects, the dashboard's files, the description of it all. */
@NullMarked
package io.posthaste.api;

import org.jspecify.annotations.NullMarked;
