package io.posthaste.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.testing.LuaFiles;
import io.posthaste.testing.LuaFiles.LuaFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LuaModulesTest {
    private static final int MOST_LINES = 120;
    private static final Pattern FINDING = Pattern.compile("([\\w_.]+):\\d+:\\d+: \\((W\\d+|E\\d+)\\) (.*)");
    /** A script may carry a module of which it does not use everything; what no script uses is a finding. */
    private static final Set<String> FINE_IN_SOME = Set.of("W211", "W231", "W311");

    private static final List<LuaFile> SCRIPTS =
            LuaFiles.all().stream().filter(LuaFile::isScript).toList();

    /** As Redis gets them, by the names of files they can be written to. */
    private static final Map<String, String> COMPOSED = SCRIPTS.stream()
            .collect(Collectors.toMap(
                    script -> script.name().replace('/', '_'), script -> LuaModules.compose(script.name())));

    @Test
    void aScriptKeepsItsFirstLineFirstAndCarriesWhatItUsesOnce() {
        String script = LuaModules.compose("queue/claim.lua");

        assertThat(script).startsWith("#!lua flags=allow-oom\n");
        assertThat(script.lines()
                        .filter(line -> line.startsWith("local function rc(") || line.startsWith("function rc(")))
                .hasSize(1);
    }

    @Test
    void everyFileIsShortAndUsed() {
        String all = String.join("", COMPOSED.values());
        for (LuaFile file : LuaFiles.all()) {
            assertThat(file.lines()).as(file.name()).hasSizeLessThanOrEqualTo(MOST_LINES);
            assertThat(all).as(file.name()).contains(file.lines().getLast());
        }
    }

    @Test
    void everyScriptSaysItsKeysArgumentsAndReply() {
        for (LuaFile script : SCRIPTS) {
            List<String> head = script.lines().stream()
                    .skip(1)
                    .takeWhile(line -> line.startsWith("--"))
                    .toList();
            String text = String.join("\n", script.lines());
            assertThat(head).as(script.name()).anyMatch(line -> line.startsWith("-- KEYS "));
            assertThat(head).as(script.name()).anyMatch(line -> line.startsWith("-- RETURN "));
            assertThat(!text.contains("ARGV[") || head.stream().anyMatch(line -> line.startsWith("-- ARGV ")))
                    .as(script.name() + " says its ARGV")
                    .isTrue();
        }
    }

    @Test
    void theLinterFindsNothing(@TempDir Path dir) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("luacheck", "--std", "lua51", "--codes", "--no-color", "--no-max-line-length"));
        for (Map.Entry<String, String> script : COMPOSED.entrySet()) {
            Files.writeString(dir.resolve(script.getKey()), script.getValue());
            command.add(script.getKey());
        }
        command.addAll(List.of("--read-globals", "redis", "KEYS", "ARGV", "struct", "cjson", "cmsgpack"));
        Process linter = new ProcessBuilder(command)
                .directory(dir.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(linter.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        linter.waitFor();

        assertThat(output).contains("in " + SCRIPTS.size() + " files");
        assertThat(findings(output)).isEmpty();
    }

    private static List<String> findings(String output) {
        TreeMap<String, Set<String>> unused = new TreeMap<>();
        List<String> found = new ArrayList<>();
        Matcher finding = FINDING.matcher(output);
        while (finding.find()) {
            if (FINE_IN_SOME.contains(finding.group(2))) {
                unused.computeIfAbsent(finding.group(3), what -> new TreeSet<>())
                        .add(finding.group(1));
            } else {
                found.add(finding.group());
            }
        }
        unused.forEach((what, in) -> {
            if (in.containsAll(carriers(what))) {
                found.add(what + " in all of " + in);
            }
        });
        return found;
    }

    /** The scripts in which a name is written at all. */
    private static Set<String> carriers(String finding) {
        String name = finding.replaceFirst(".*(?:function|variable) '?([\\w]+)'?.*", "$1");
        Pattern word = Pattern.compile("\\b" + Pattern.quote(name) + "\\b");
        return COMPOSED.entrySet().stream()
                .filter(script -> word.matcher(script.getValue()).find())
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
