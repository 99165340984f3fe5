package io.posthaste.admin;

import io.posthaste.queue.Deliveries;
import io.posthaste.store.ActionStore;
import io.posthaste.store.Actions;

/** What the API works on. */
public record Backends(ActionStore store, Actions actions, Deliveries deliveries) {}
