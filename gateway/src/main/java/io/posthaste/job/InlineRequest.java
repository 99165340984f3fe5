package io.posthaste.job;

import org.jspecify.annotations.Nullable;

/**
 * An action that a job carries itself.
 *
 * @param definition the action as JSON; never modified after construction
 * @param grant what a gateway wrote beside it when somebody who may use secrets asked for the job, or null
 */
public record InlineRequest(byte[] definition, @Nullable String grant) {
    @Override
    public String toString() {
        return "InlineRequest[" + definition.length + " bytes]";
    }
}
