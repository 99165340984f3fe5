package io.posthaste.job;

/** What came of setting attributes on a person of another shard. */
public sealed interface Applying {

    /** They are set, now or for an earlier claim of the delivery; this is what is remembered of it. */
    record Applied(AppliedUpdate what) implements Applying {}

    /** Somebody changed the person since; nothing was set. */
    record Outdated() implements Applying {}

    /** The lease was over, and the delivery may be somebody else's; nothing was set. */
    record TooLate() implements Applying {}
}
