package io.posthaste.queue.record;

/** What Redis holds for a job is not what was written there; the job fails with this reason and stops no other. */
public final class DamagedRecordException extends RuntimeException {
    DamagedRecordException(String problem) {
        super("damaged record: " + problem);
    }
}
