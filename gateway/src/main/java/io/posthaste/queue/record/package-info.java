/**
 * Every byte layout of the queue, once: bodies, states, attempts, requests, history. Lua writes and reads the same; golden
 * vectors hold both to it. Uses {@code job} and {@code seal}.
 */
@NullMarked
package io.posthaste.queue.record;

import org.jspecify.annotations.NullMarked;
