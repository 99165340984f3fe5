package io.posthaste.classify;

import io.posthaste.action.Action;
import io.posthaste.action.RetryPolicy;
import io.posthaste.job.Attempt;
import io.posthaste.job.Header;
import io.posthaste.job.Lease;
import io.posthaste.job.NoAnswerCause;
import io.posthaste.job.Outcome;
import io.posthaste.job.RenderedRequest;
import io.posthaste.job.Reply;
import io.posthaste.job.SecretValues;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a reply means for its job.
 *
 * <table>
 * <caption>M56 to M58</caption>
 * <tr><td>any 2xx</td><td>delivered</td></tr>
 * <tr><td>a status of the policy's list (408, 409, 429, 5xx), or no answer for a reason that may pass: name look-up,
 *     connecting, TLS, time-out, reset, a response that is not HTTP</td><td>retry while delays are left, then failed</td></tr>
 * <tr><td>3xx and every other status; certificate, address not permitted, request that cannot be sent</td>
 *     <td>failed at once</td></tr>
 * <tr><td>no answer because this gateway stopped</td><td>retry at once, whatever is left</td></tr>
 * </table>
 */
public final class ReplyClassifier {
    /** Nothing was sent: the job comes again, at no cost to it, once others have given theirs back. */
    private static final Duration UNTIL_DESCRIPTORS = Duration.ofSeconds(1);

    private static final int MAX_REASON = 300;

    private final RetrySchedule schedule;

    public ReplyClassifier(RetrySchedule schedule) {
        this.schedule = schedule;
    }

    /**
     * Judges one attempt.
     *
     * @param lease the lease it was made under; its attempt count decides which retry comes next
     * @param action whose request it was: its retry policy decides
     * @param request what was sent; kept with the job unless the lease says that it is kept already (M26)
     * @param startedAt when the attempt began
     */
    public Outcome classify(Lease lease, Action action, RenderedRequest request, Instant startedAt, Reply reply) {
        if (isWith(NoAnswerCause.NO_DESCRIPTOR, reply)) {
            return new Outcome.Released(UNTIL_DESCRIPTORS);
        }
        RetryPolicy policy = action.retry();
        Attempt attempt = attempt(lease, policy, request.secrets(), startedAt, reply);
        if (isSuccess(attempt.status())) {
            return new Outcome.Delivered(attempt, request, action.allowConversions());
        }
        RenderedRequest frozen = lease.frozen() == null ? request : null;
        if (!isRetryable(policy, reply)) {
            return new Outcome.Failed(attempt, attempt.reason(), frozen);
        }
        if (isWith(NoAnswerCause.STOPPED, reply)) {
            // Our doing: it goes on with the next gateway at once, and even where no retry would be left.
            return new Outcome.Retry(attempt, Duration.ZERO, frozen);
        }
        if (lease.attempt() > policy.delays().size()) {
            return new Outcome.Failed(attempt, attempt.reason() + " (retries exhausted)", frozen);
        }
        return new Outcome.Retry(attempt, delay(lease, policy, startedAt, reply), frozen);
    }

    private Duration delay(Lease lease, RetryPolicy policy, Instant startedAt, Reply reply) {
        Instant endedAt = startedAt.plusMillis(reply.elapsedMillis());
        Duration retryAfter = reply instanceof Reply.Answered answered && asksForTime(answered.status())
                ? RetryAfter.in(answered.headers(), endedAt)
                : Duration.ZERO;
        if (retryAfter.isZero()) {
            return schedule.delay(policy, lease.attempt());
        }
        Instant first = lease.past().attempts() == 0
                ? startedAt
                : Instant.ofEpochMilli(lease.past().firstAttemptAtMillis());
        return schedule.delay(policy, lease.attempt(), retryAfter, Duration.between(first, endedAt));
    }

    private static Attempt attempt(
            Lease lease, RetryPolicy policy, SecretValues secrets, Instant startedAt, Reply reply) {
        return switch (reply) {
            case Reply.Answered answered ->
                new Attempt(
                        lease.attempt(),
                        startedAt.toEpochMilli(),
                        answered.status(),
                        answered.elapsedMillis(),
                        isSuccess(answered.status()) ? "" : "HTTP " + answered.status(),
                        excerpt(answered, secrets));
            case Reply.NoAnswer none ->
                new Attempt(
                        lease.attempt(), startedAt.toEpochMilli(), 0, none.elapsedMillis(), reason(none, policy), "");
        };
    }

    /** A redirect is not followed, but where it leads is what its reader needs to know (M14). */
    private static String excerpt(Reply.Answered answered, SecretValues secrets) {
        String location = answered.status() / 100 == 3 ? value(answered.headers(), "Location") : null;
        String body = Excerpt.of(without(secrets, answered.body()));
        return location == null ? body : "Location: " + shortened(Excerpt.visible(secrets.hide(location))) + " " + body;
    }

    /** A receiver may repeat what it was sent. Hidden before the cut, which could leave half of a secret. */
    private static byte[] without(SecretValues secrets, byte[] body) {
        return secrets.isEmpty()
                ? body
                : secrets.hide(new String(body, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
    }

    private static String reason(Reply.NoAnswer none, RetryPolicy policy) {
        if (none.cause() == NoAnswerCause.TIMEOUT) {
            // The limit, not the time it took: reasons are counted and filtered by.
            return "timeout after " + policy.timeout().toMillis() + " ms";
        }
        String name = none.cause().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return none.detail().isBlank() ? name : shortened(Excerpt.visible(none.detail()));
    }

    private static boolean isWith(NoAnswerCause trouble, Reply reply) {
        return reply instanceof Reply.NoAnswer none && none.cause() == trouble;
    }

    /** M56. */
    public static boolean isSuccess(int status) {
        return status / 100 == 2;
    }

    private static boolean isRetryable(RetryPolicy policy, Reply reply) {
        return switch (reply) {
            case Reply.Answered answered ->
                policy.statuses().stream().anyMatch(rule -> covers(rule, answered.status()));
            case Reply.NoAnswer none -> none.cause().isRetryable();
        };
    }

    /** @param rule {@code 429}, or {@code 5xx} for the whole class */
    private static boolean covers(String rule, int status) {
        return rule.endsWith("xx")
                ? rule.length() == 3 && rule.charAt(0) - '0' == status / 100
                : rule.equals(Integer.toString(status));
    }

    private static boolean asksForTime(int status) {
        return status == 429 || status == 503;
    }

    private static @Nullable String value(List<Header> headers, String name) {
        return headers.stream()
                .filter(header -> header.name().equalsIgnoreCase(name))
                .map(Header::value)
                .findFirst()
                .orElse(null);
    }

    private static String shortened(String text) {
        return text.length() <= MAX_REASON ? text : text.substring(0, MAX_REASON - 1) + "…";
    }
}
