package io.posthaste.bench.load.fault;

/**
 * What a scenario showed.
 *
 * @param findings one line: the figures it was judged by
 */
public record Verdict(String scenario, boolean passed, String findings) {
    @Override
    public String toString() {
        return "%s  %-16s %s".formatted(passed ? "PASS" : "FAIL", scenario, findings);
    }
}
