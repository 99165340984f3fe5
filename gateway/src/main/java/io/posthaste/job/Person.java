package io.posthaste.job;

/**
 * Somebody a job is for, as the person store knows them.
 *
 * @param id 1 to 64 of {@code A-Z a-z 0-9 . _ -}
 * @param version another after every change; 0 when nothing is stored
 * @param attributes a JSON object without the id; never modified after construction
 */
public record Person(String id, long version, byte[] attributes) {
    private static final byte[] NOTHING = {'{', '}'};

    /** What can be said of somebody whom the store does not know. */
    public static Person unknown(String id) {
        return new Person(id, 0, NOTHING);
    }

    public boolean isStored() {
        return version != 0;
    }

    /** Leaves out the attributes: they are a customer's data. */
    @Override
    public String toString() {
        return "Person[" + id + ", version " + version + "]";
    }
}
