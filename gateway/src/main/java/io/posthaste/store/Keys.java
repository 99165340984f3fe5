package io.posthaste.store;

/** The names of what actions keep in Redis. One hash tag, so that scripts may touch several of them on a cluster. */
public final class Keys {
    /** Where all of them begin; what the scripts are given. */
    public static final String PREFIX = "posthaste:{actions}:";

    /** Sorted set of all action ids, every score 0: read in the order of the ids. */
    public static final String INDEX = PREFIX + "index";

    /** Sorted set: action id → number of its last change, deletion included. */
    public static final String CHANGES = PREFIX + "changes";

    /** Number of the last change to any action. */
    public static final String CHANGE = PREFIX + "change";

    private Keys() {}

    /** List of an action's versions as JSON, newest first; its head is the action as it stands. */
    public static String action(String id) {
        return PREFIX + "action:" + id;
    }
}
