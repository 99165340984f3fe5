package io.posthaste.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every library that is shipped is in {@code vulnerabilities.tsv}, and none is older than it may be. */
class KnownHolesTest {
    private static final Pattern JAR = Pattern.compile("(.+?)-(\\d[\\w.]*).*\\.jar");

    @Test
    void noLibraryThatIsShippedIsKnownToBeVulnerable() throws IOException {
        List<String[]> least = rows("library");
        List<String> wrong = new ArrayList<>();
        List<String> jars = shipped();
        assertThat(jars).hasSizeGreaterThan(30);
        for (String jar : jars) {
            Matcher name = JAR.matcher(jar);
            assertThat(name.matches()).as(jar).isTrue();
            String[] row = least.stream()
                    .filter(cells -> covers(cells[1], name.group(1)))
                    .findFirst()
                    .orElse(null);
            if (row == null) {
                wrong.add(jar + " is not listed: look whether it has known holes, and add it");
            } else if (KnownHoles.number(name.group(2)) < KnownHoles.number(row[2])) {
                wrong.add(jar + " is older than " + row[2] + ": " + row[3]);
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void theListSaysWhenItWasLookedThrough() throws IOException {
        String first = text().lines().findFirst().orElseThrow();
        Matcher date = Pattern.compile("as of (\\d{4}-\\d\\d-\\d\\d)").matcher(first);
        assertThat(date.find()).isTrue();
        assertThat(LocalDate.parse(date.group(1))).isAfter(LocalDate.of(2026, 11, 1));
    }

    private static boolean covers(String pattern, String artifact) {
        return pattern.endsWith("*")
                ? artifact.startsWith(pattern.substring(0, pattern.length() - 1))
                : artifact.equals(pattern);
    }

    /** What the build put beside the gateway's jar, or what is on the class path when there is no build yet. */
    private static List<String> shipped() throws IOException {
        Path lib = Path.of("target/lib");
        if (Files.isDirectory(lib)) {
            try (Stream<Path> files = Files.list(lib)) {
                return files.map(file -> file.getFileName().toString())
                        .filter(name -> name.endsWith(".jar"))
                        .toList();
            }
        }
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry.endsWith(".jar"))
                .map(entry -> Path.of(entry).getFileName().toString())
                .filter(name -> !name.matches("(junit|assertj|awaitility|archunit|blockhound|reactor-test|opentest4j"
                        + "|apiguardian|hamcrest|json-schema|byte-buddy|ethlib|itu|surefire|log4j"
                        + "|client-java-api|javax.annotation|jakarta.annotation|swagger"
                        + "|okhttp|okio|kotlin|annotations-|gson|commons-lang3|jsr305).*"))
                .toList();
    }

    private static List<String[]> rows(String kind) throws IOException {
        return text().lines()
                .filter(line -> line.startsWith(kind + "\t"))
                .map(line -> line.split("\t"))
                .toList();
    }

    private static String text() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(KnownHolesTest.class.getResourceAsStream("/vulnerabilities.tsv"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
