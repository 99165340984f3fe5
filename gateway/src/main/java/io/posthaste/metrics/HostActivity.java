package io.posthaste.metrics;

import io.posthaste.job.Attempt;
import io.posthaste.job.Outcome;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * How each host answered in the last {@value #MINUTES} minutes, for people who look. Recording an answer is a look-up and an
 * atomic addition; a host takes two kilobytes.
 */
public final class HostActivity {
    /** How far back it goes, beside the minute that runs. */
    public static final int MINUTES = 5;

    /** Hosts that are told apart; attempts to those beyond are not counted, until others fall quiet. */
    public static final int MOST_HOSTS = 2_000;

    private final ConcurrentHashMap<String, HostAnswers> hosts = new ConcurrentHashMap<>();

    /**
     * What attempts to a host brought.
     *
     * @param failed those of the attempts that were not answered 2xx
     * @param times of all of them, by {@link AnswerTimes#step}
     * @param errors how many there were by reason, a few reasons
     * @param last the latest error, null when there was none
     */
    public record Answers(
            long attempts,
            long failed,
            long[] times,
            Map<String, Long> errors,
            @Nullable Failure last) {
        public static final Answers NONE = new Answers(0, 0, new long[AnswerTimes.STEPS], Map.of(), null);
    }

    /** @param at its end, epoch milliseconds */
    public record Failure(String reason, long at) {}

    /** Records what became of an attempt; from any thread. */
    public void ended(String host, Outcome outcome) {
        switch (outcome) {
            case Outcome.Delivered done -> ended(host, true, done.attempt());
            case Outcome.Retry later -> ended(host, false, later.attempt());
            case Outcome.Failed dead -> ended(host, false, dead.attempt());
            case Outcome.Aborted stopped -> {}
            case Outcome.Skipped off -> {}
            case Outcome.Cancelled ended -> {}
            case Outcome.Drafted draft -> {}
            case Outcome.Released back -> {}
        }
    }

    private void ended(String host, boolean success, @Nullable Attempt attempt) {
        if (attempt == null) {
            return;
        }
        HostAnswers known = hosts.get(host);
        if (known == null && hosts.size() < MOST_HOSTS) {
            known = hosts.computeIfAbsent(host, name -> new HostAnswers());
        }
        if (known != null) {
            known.ended(success, attempt);
        }
    }

    /** Ends the running minute; called once a minute by one thread. A host without an attempt in all of them is forgotten. */
    public void tick() {
        hosts.values().removeIf(HostAnswers::endsMinute);
    }

    /** By host, of those that were attempted lately. */
    public Map<String, Answers> answers() {
        Map<String, Answers> answers = new HashMap<>();
        hosts.forEach((host, known) -> answers.put(host, known.view()));
        return answers;
    }
}
