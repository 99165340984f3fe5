package io.posthaste.job;

/**
 * Whom a delivery is for and where it goes: what support looks it up by. Empty where it is not known.
 *
 * @param customer the person's id as the job's data give it
 * @param host of the receiver, in lower case
 */
public record Recipient(String customer, String host) {
    public static final Recipient UNKNOWN = new Recipient("", "");
}
