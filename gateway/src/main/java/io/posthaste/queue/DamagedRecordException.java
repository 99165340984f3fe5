package io.posthaste.queue;

/** What Redis holds for a job is not what was written there; the job fails with this reason and stops no other. */
final class DamagedRecordException extends RuntimeException {
    DamagedRecordException(String problem) {
        super("damaged record: " + problem);
    }
}
