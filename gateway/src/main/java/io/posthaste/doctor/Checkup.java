package io.posthaste.doctor;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.doctor.Finding.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

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

    /** As {@code /v1/doctor} answers and the command prints: the worst level, then each finding. */
    public static ObjectNode json(List<Finding> findings) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("level", word(worst(findings)));
        ArrayNode list = body.putArray("findings");
        findings.forEach(finding -> list.addObject()
                .put("check", finding.check())
                .put("level", word(finding.level()))
                .put("found", finding.found())
                .put("fix", finding.fix()));
        return body;
    }

    private static String word(Level level) {
        return level.name().toLowerCase(Locale.ROOT);
    }
}
