package io.posthaste.http;

import io.posthaste.config.ConfigException;
import io.posthaste.job.Ids;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tokens beside the admin token. A line is a name, a role ({@code read}, {@code operate} or {@code admin}) and the SHA-256
 * of the token in hexadecimal, with spaces between, and {@code expires=} with a date or a time in UTC if it is to end;
 * blank lines and those that begin with {@code #} mean nothing.
 */
public final class TokenFile {
    private static final Pattern DIGEST = Pattern.compile("[0-9a-fA-F]{64}");
    private static final Map<String, Access> ROLES =
            Map.of("read", Access.READ, "operate", Access.OPERATE, "admin", Access.ADMIN);

    private static final String EXPIRES = "expires=";

    private final List<AccessTokens.Entry> entries = new ArrayList<>();
    private final Set<String> names = new HashSet<>(Set.of("admin", Caller.NOBODY.name()));
    private final List<String> problems = new ArrayList<>();

    private TokenFile() {}

    /** Reads the file; one that does not exist holds no tokens. {@link ConfigException} with every line that is wrong. */
    public static TokenFile read(Path file) {
        TokenFile read = new TokenFile();
        List<String> lines = lines(file);
        for (int i = 0; i < lines.size(); i++) {
            read.add(file + ", line " + (i + 1), lines.get(i).strip());
        }
        if (!read.problems.isEmpty()) {
            throw new ConfigException(read.problems);
        }
        return read;
    }

    List<AccessTokens.Entry> entries() {
        return entries;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (IOException e) {
            throw new ConfigException(List.of(file + ": cannot be read: " + e));
        }
    }

    /** Problems do not repeat a line: somebody may have written the token itself into it. */
    private void add(String place, String line) {
        if (line.isEmpty() || line.startsWith("#")) {
            return;
        }
        String[] parts = line.split("\\s+");
        boolean whole = parts.length == 3 || parts.length == 4;
        Access access = whole ? ROLES.get(parts[1]) : null;
        Instant expires = parts.length == 4 ? expires(parts[3]) : Instant.MAX;
        if (access == null || !Ids.isId(parts[0]) || !DIGEST.matcher(parts[2]).matches()) {
            problems.add(place + ": must be a name, one of read, operate and admin, and the SHA-256 of the token");
        } else if (expires == null) {
            problems.add(place + ": what follows the SHA-256 must be like expires=2027-01-31 or"
                    + " expires=2027-01-31T12:00:00Z");
        } else if (!names.add(parts[0])) {
            problems.add(place + ": the name " + parts[0] + " is taken");
        } else {
            entries.add(new AccessTokens.Entry(
                    new Caller(parts[0], access), HexFormat.of().parseHex(parts[2]), expires));
        }
    }

    /** A date means its end. Null for what is neither. */
    private static @Nullable Instant expires(String text) {
        if (!text.startsWith(EXPIRES)) {
            return null;
        }
        String time = text.substring(EXPIRES.length());
        try {
            return time.indexOf('T') < 0
                    ? LocalDate.parse(time)
                            .plusDays(1)
                            .atStartOfDay(ZoneOffset.UTC)
                            .toInstant()
                    : Instant.parse(time);
        } catch (DateTimeException broken) {
            return null;
        }
    }
}
