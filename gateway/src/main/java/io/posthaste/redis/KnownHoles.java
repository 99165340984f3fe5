package io.posthaste.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Which servers are known to be vulnerable: {@code vulnerabilities.tsv}, dated, beside the classes. */
public final class KnownHoles {
    private static final String FILE = "/vulnerabilities.tsv";

    private final List<Hole> holes;

    /** @param debianFix the version of Debian's package that has the fix, {@code -} for none */
    public record Hole(String product, String cve, String what, List<String> ranges, String debianFix) {
        private boolean isIn(long version) {
            return ranges.stream().anyMatch(range -> {
                int dash = range.indexOf('-');
                return version >= number(range.substring(0, dash)) && version <= number(range.substring(dash + 1));
            });
        }
    }

    private KnownHoles(List<Hole> holes) {
        this.holes = holes;
    }

    public static KnownHoles load() {
        try (InputStream in = KnownHoles.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException("no " + FILE + " on the class path");
            }
            return new KnownHoles(new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("server\t"))
                    .map(line -> line.split("\t"))
                    .map(cells -> new Hole(cells[1], cells[2], cells[3], List.of(cells[4].split(",")), cells[5]))
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param product {@code redis} or {@code valkey} */
    public List<Hole> of(String product, String version) {
        long number = number(version);
        return holes.stream()
                .filter(hole -> hole.product().equals(product) && hole.isIn(number))
                .toList();
    }

    /** {@code 7.0.15} as a number that grows with the version; what is no number counts as 0. */
    public static long number(String version) {
        String[] parts = version.split("\\.");
        long number = 0;
        for (int i = 0; i < 3; i++) {
            number = number * 1_000
                    + (i < parts.length && parts[i].matches("[0-9]{1,3}") ? Integer.parseInt(parts[i]) : 0);
        }
        return number;
    }
}
