package io.posthaste.job;

/** Where a delivery stands, as the API names it in lower case. */
public enum DeliveryState {
    QUEUED,
    SENDING,
    RETRYING,
    DRAFTED,
    SENT,
    FAILED,
    ABORTED,
    SKIPPED,
    CANCELLED
}
