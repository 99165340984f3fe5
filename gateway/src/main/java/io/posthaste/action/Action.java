package io.posthaste.action;

import io.posthaste.job.Header;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stored webhook (M1, M2).
 *
 * @param id 1 to 64 of {@code A-Z a-z 0-9 . _ -}; also the name of its lane
 * @param request what it sends
 * @param rules whether, when and how often it is sent
 * @param answers what an answer does beside ending the delivery
 * @param trust what it may use and how it proves itself
 */
public record Action(
        String id, String name, Revision revision, Request request, Rules rules, Answers answers, Trust trust) {

    /**
     * Which of the definitions stored under this id.
     *
     * @param number 1 at creation, one more at each replacement
     * @param createdAtMillis epoch milliseconds
     * @param updatedAtMillis epoch milliseconds
     */
    public record Revision(int number, long createdAtMillis, long updatedAtMillis) {
        /** Of what is not stored. */
        public static final Revision NONE = new Revision(0, 0, 0);
    }

    /**
     * URL, header values and body are Liquid sources.
     *
     * @param method upper-case: GET, POST, PUT, PATCH, DELETE
     * @param headers in order; an empty list means that no header of the action's own is sent (M17)
     * @param body empty for none
     * @param strictBytes whether even a content type that cannot be meant is sent as it stands (M21)
     */
    public record Request(
            String method,
            String url,
            List<Header> headers,
            String body,
            OnMissing onMissing,
            Escaping escape,
            boolean strictBytes) {}

    /**
     * When it is sent, again, and how much at once.
     *
     * @param onFailure of jobs in lines: what a failed one does to those behind it
     */
    public record Rules(Sending sending, RetryPolicy retry, LaneLimits limits, OnFailure onFailure) {
        /** Lines go on. */
        public Rules(Sending sending, RetryPolicy retry, LaneLimits limits) {
            this(sending, retry, limits, OnFailure.CONTINUE);
        }
    }

    /** What is set on the person (M68), whether a success is told as a conversion, and what it does when told to stop. */
    public record Answers(List<ResponseAttribute> responseAttributes, boolean allowConversions, OnGone onGone) {
        /** A receiver that says stop ends the delivery. */
        public Answers(List<ResponseAttribute> responseAttributes, boolean allowConversions) {
            this(responseAttributes, allowConversions, OnGone.FAIL);
        }
    }

    /**
     * @param secrets what it may do with secrets
     * @param connection name of how its receivers are reached; null for as everybody is
     * @param traced whether its requests carry a W3C trace context
     */
    public record Trust(
            SecretUse secrets,
            List<Signature> signatures,
            @Nullable String connection,
            boolean traced) {
        /** Receivers are reached as everybody is, and told of no trace. */
        public Trust(SecretUse secrets, List<Signature> signatures) {
            this(secrets, signatures, null, false);
        }
    }

    public int version() {
        return revision.number();
    }

    public long createdAtMillis() {
        return revision.createdAtMillis();
    }

    public long updatedAtMillis() {
        return revision.updatedAtMillis();
    }

    public String method() {
        return request.method();
    }

    public String url() {
        return request.url();
    }

    public List<Header> headers() {
        return request.headers();
    }

    public String body() {
        return request.body();
    }

    public OnMissing onMissing() {
        return request.onMissing();
    }

    public Escaping escape() {
        return request.escape();
    }

    public boolean strictBytes() {
        return request.strictBytes();
    }

    public Sending sending() {
        return rules.sending();
    }

    public RetryPolicy retry() {
        return rules.retry();
    }

    public LaneLimits limits() {
        return rules.limits();
    }

    public OnFailure onFailure() {
        return rules.onFailure();
    }

    public List<ResponseAttribute> responseAttributes() {
        return answers.responseAttributes();
    }

    public boolean allowConversions() {
        return answers.allowConversions();
    }

    public OnGone onGone() {
        return answers.onGone();
    }

    public SecretUse secrets() {
        return trust.secrets();
    }

    public List<Signature> signatures() {
        return trust.signatures();
    }

    public @Nullable String connection() {
        return trust.connection();
    }

    public boolean traced() {
        return trust.traced();
    }

    /** As a job carries it: it reaches no secret, and nothing vouches for what it sends. */
    public Action withoutSecrets() {
        return new Action(id, name, revision, request, rules, answers, new Trust(SecretUse.None.OF_A_JOB, List.of()));
    }

    /** The same as another revision. */
    public Action with(Revision other) {
        return new Action(id, name, other, request, rules, answers, trust);
    }

    /** Whether a job that reaches the action is sent, held for review, or skipped (M3). */
    public enum Sending {
        AUTOMATIC,
        DRAFT,
        OFF
    }

    /** What a receiver that says stop stops: the delivery that it answers, or the lane until somebody resumes it. */
    public enum OnGone {
        FAIL,
        PAUSE
    }

    /** What a failed job does to those behind it in its line: they wait until it is sent again or ended, or they go on. */
    public enum OnFailure {
        CONTINUE,
        BLOCK
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
