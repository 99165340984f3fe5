package io.posthaste.store.person;

/** A person is on another shard than was thought: the layout changed. */
final class Moved extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What stands for the version of a person who left a shard. */
    static final String VERSION = "moved";

    Moved(String person) {
        super("person " + person + " is on another shard by now", null, false, false);
    }
}
