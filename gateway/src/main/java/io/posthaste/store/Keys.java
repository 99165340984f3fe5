package io.posthaste.store;

/** The names of what actions keep in Redis. One hash tag, so that scripts may touch several of them on a cluster. */
final class Keys {
    /** Sorted set of all action ids, every score 0: read in the order of the ids. */
    static final String INDEX = "posthaste:{actions}:index";

    /** Sorted set: action id → number of its last change, deletion included. */
    static final String CHANGES = "posthaste:{actions}:changes";

    /** Number of the last change to any action. */
    static final String CHANGE = "posthaste:{actions}:change";

    private Keys() {}

    /** List of an action's versions as JSON, newest first; its head is the action as it stands. */
    static String action(String id) {
        return "posthaste:{actions}:action:" + id;
    }
}
