package io.posthaste.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code config/posthaste.yaml}, the records and the defaults say the same. */
class ConfigFileTest {
    private static final Path FILE = Path.of("../config/posthaste.yaml");

    @TempDir
    Path directory;

    @Test
    void fileShowsEveryKeyWithItsDefaultAndNoOther() throws IOException {
        assertThat(uncommented()).isEqualTo(ConfigLoader.defaults());
    }

    @Test
    void everyKeyIsThePathOfARecordComponent() {
        assertThat(ConfigLoader.defaults().keySet())
                .containsExactlyElementsOf(paths("", GatewayConfig.class).toList());
    }

    @Test
    void fileAsItStandsChangesNothing() {
        assertThat(ConfigLoader.load(FILE, Map.of())).isEqualTo(ConfigLoader.load(null, Map.of()));
    }

    @Test
    void fileWithEveryKeyUncommentedIsTheDefaultConfiguration() throws IOException {
        Path all = Files.write(directory.resolve("all.yaml"), uncommentedLines());

        assertThat(ConfigLoader.load(all, Map.of())).isEqualTo(ConfigLoader.load(null, Map.of()));
    }

    @Test
    void everyKeyHasItsOwnVariable() {
        assertThat(ConfigLoader.defaults().keySet().stream().map(ConfigLoader::variable))
                .doesNotHaveDuplicates();
    }

    @Test
    void everyKeyIsExplained() throws IOException {
        List<String> lines = Files.readAllLines(FILE);
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).matches("\\s+#[a-z-]+:.*")) {
                assertThat(lines.get(i - 1)).as(lines.get(i)).matches("\\s+# .*");
            }
        }
    }

    private static List<String> uncommentedLines() throws IOException {
        return Files.readAllLines(FILE).stream()
                .map(line -> line.replaceFirst("^(\\s+)#([a-z-]+:)", "$1$2"))
                .toList();
    }

    /** Reads the file by indentation alone, so that the test does not lean on the code it tests. */
    private static Map<String, String> uncommented() throws IOException {
        Map<String, String> values = new LinkedHashMap<>();
        List<String> path = new ArrayList<>();
        for (String line : uncommentedLines()) {
            String setting = line.strip();
            if (setting.isEmpty() || setting.startsWith("#")) {
                continue;
            }
            int depth = (line.length() - line.stripLeading().length()) / 2;
            path.subList(Math.min(depth, path.size()), path.size()).clear();
            int colon = setting.indexOf(':');
            path.add(setting.substring(0, colon));
            values.put(String.join(".", path), setting.substring(colon + 1).strip());
        }
        ConfigLoader.defaults().keySet().forEach(key -> values.remove(key.substring(0, key.lastIndexOf('.'))));
        return values;
    }

    private static Stream<String> paths(String prefix, Class<?> type) {
        return Stream.of(type.getRecordComponents())
                .flatMap(component -> component.getType().isRecord()
                        ? paths(prefix + kebab(component) + ".", component.getType())
                        : Stream.of(prefix + kebab(component)));
    }

    private static String kebab(RecordComponent component) {
        return component
                .getName()
                .replaceFirst("Bytes$", "")
                .replaceAll("([A-Z])", "-$1")
                .toLowerCase(Locale.ROOT);
    }
}
