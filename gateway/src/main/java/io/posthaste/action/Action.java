package io.posthaste.action;

import io.posthaste.job.Header;
import java.util.List;

/**
 * A stored webhook (M1, M2). URL, header values and body are Liquid sources.
 *
 * @param id 1 to 64 of {@code A-Z a-z 0-9 . _ -}; also the name of its lane
 * @param version 1 at creation, one more at each replacement
 * @param method upper-case: GET, POST, PUT, PATCH, DELETE
 * @param headers in order; an empty list means that no header of the action's own is sent (M17)
 * @param body Liquid source, empty for none
 * @param secrets what it may do with secrets
 * @param strictBytes whether even a content type that cannot be meant is sent as it stands (M21)
 * @param createdAtMillis epoch milliseconds
 * @param updatedAtMillis epoch milliseconds
 */
public record Action(
        String id,
        int version,
        String name,
        String method,
        String url,
        List<Header> headers,
        String body,
        Sending sending,
        List<ResponseAttribute> responseAttributes,
        boolean allowConversions,
        OnMissing onMissing,
        Escaping escape,
        SecretUse secrets,
        boolean strictBytes,
        RetryPolicy retry,
        LaneLimits limits,
        List<Signature> signatures,
        long createdAtMillis,
        long updatedAtMillis) {

    /** As a job carries it: it reaches no secret, and nothing vouches for what it sends. */
    public Action withoutSecrets() {
        return new Action(
                id,
                version,
                name,
                method,
                url,
                headers,
                body,
                sending,
                responseAttributes,
                allowConversions,
                onMissing,
                escape,
                SecretUse.None.OF_A_JOB,
                strictBytes,
                retry,
                limits,
                List.of(),
                createdAtMillis,
                updatedAtMillis);
    }

    /** Whether a job that reaches the action is sent, held for review, or skipped (M3). */
    public enum Sending {
        AUTOMATIC,
        DRAFT,
        OFF
    }

    /** What a missing variable does to a rendering (M42, M44). */
    public enum OnMissing {
        FAIL,
        EMPTY
    }

    /** What the body's outputs do to data: nothing, or what JSON asks for. */
    public enum Escaping {
        NONE,
        JSON
    }

    /** Which signature schemes a request carries. */
    public enum Signature {
        CIO,
        STANDARD_WEBHOOKS
    }

    /** One attribute of the person, set from the answer (M68). */
    public record ResponseAttribute(String attribute, String template) {}
}
