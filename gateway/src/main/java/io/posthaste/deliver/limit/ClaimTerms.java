package io.posthaste.deliver.limit;

import io.posthaste.job.Lease;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one claim is told of lanes whose jobs could not all be sent.
 *
 * @param limits how many jobs of which lanes it may take
 * @param told what of it was promised by limits of hosts
 */
public record ClaimTerms(Map<String, Integer> limits, List<Told> told) {
    private static final ClaimTerms NONE = new ClaimTerms(Map.of(), List.of());

    /** Tokens of a host that are kept for jobs of these lanes. */
    record Told(TokenPurse purse, int tokens, Set<String> lanes) {}

    static ClaimTerms of(Map<String, Integer> limits) {
        return limits.isEmpty() ? NONE : new ClaimTerms(limits, List.of());
    }

    /** The claim brought these, none when it failed. To be said once. */
    public void answered(List<Lease> leases) {
        for (Told promise : told) {
            int jobs = (int) leases.stream()
                    .filter(lease -> promise.lanes().contains(lease.job().lane()))
                    .count();
            promise.purse().claimed(promise.tokens(), Math.min(jobs, promise.tokens()));
        }
    }
}
