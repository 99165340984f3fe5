package io.posthaste.doctor;

import io.posthaste.doctor.Finding.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Runs checks one after the other. Blocks; each check bounds its own time. */
public final class Checkup {
    private final List<Check> checks;

    /** Some things to look at that belong together. */
    public interface Check {
        /** What it is about, for when it fails itself. */
        String name();

        List<Finding> look();
    }

    public Checkup(List<Check> checks) {
        this.checks = List.copyOf(checks);
    }

    /** The worst first. */
    public List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        checks.forEach(check -> findings.addAll(look(check)));
        findings.sort(Comparator.comparing(Finding::level).reversed());
        return List.copyOf(findings);
    }

    private static List<Finding> look(Check check) {
        try {
            return check.look();
        } catch (RuntimeException failure) {
            return List.of(Finding.warning(
                    check.name(),
                    "could not be checked: " + rootMessage(failure),
                    "see whether it is allowed and answers"));
        }
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }

    public static Level worst(List<Finding> findings) {
        return findings.stream()
                .map(Finding::level)
                .max(Comparator.naturalOrder())
                .orElse(Level.OK);
    }
}
