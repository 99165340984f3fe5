/**
 * What goes wrong for long enough that somebody wants to hear of it: lanes that are paused or fail, backlogs that grow old,
 * certificates that end. Told once per turn of events, whichever gateway looks. Uses what the queue and its figures tell.
 */
@NullMarked
package io.posthaste.alert;

import org.jspecify.annotations.NullMarked;
