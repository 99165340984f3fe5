package io.posthaste.action;

import io.posthaste.job.HostPatterns;

/** What an action may do with the workspace's secrets. */
public sealed interface SecretUse {
    /** Secrets go to the host that the URL's template writes out, and nowhere else. */
    SecretUse LITERAL_HOST = new ToHosts(HostPatterns.NONE);

    /** @param hosts to which secrets may go; none for the host that the URL's template writes out */
    record ToHosts(HostPatterns hosts) implements SecretUse {}

    /** None at all, and no signature of the workspace either. */
    enum None implements SecretUse {
        /** The action came with a job, and nobody who may use secrets has seen it. */
        OF_A_JOB
    }
}
