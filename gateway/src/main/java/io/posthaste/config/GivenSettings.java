package io.posthaste.config;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a file and the environment say, before anyone judged it: key to text, with the place it stands for messages.
 * Values stay the text that was written, so YAML's own ideas ({@code no} is false, {@code 1:30} is 90) never apply.
 */
final class GivenSettings {
    private final Map<String, Given> values = new LinkedHashMap<>();
    private final List<String> problems;

    /**
     * @param values the elements of a list, or the one text
     * @param isList whether it was written as a YAML list
     * @param place where it was written
     */
    record Given(List<String> values, boolean isList, String place) {
        String text() {
            return String.join(",", values);
        }

        /** Nothing stands after the key: the default holds. */
        boolean isUnset() {
            return !isList && text().isEmpty();
        }

        Stream<String> elements() {
            Stream<String> all = isList ? values.stream() : Pattern.compile(",").splitAsStream(text());
            return all.map(String::strip).filter(element -> !element.isEmpty());
        }
    }

    GivenSettings(List<String> problems) {
        this.problems = problems;
    }

    Map<String, Given> values() {
        return values;
    }

    /** The later call wins: the environment is put after the file. */
    void put(String key, String value, String place) {
        values.put(key, new Given(List.of(value), false, place));
    }

    /** Adds all settings of a YAML file; sections may be nested or dotted. A file that cannot be read is a problem. */
    void readYaml(Path file) {
        YAMLFactory yaml = YAMLFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        try (JsonParser parser = yaml.createParser(Files.readString(file))) {
            readDocument(parser, file);
        } catch (JsonProcessingException e) {
            problems.add(place(file, e.getLocation().getLineNr()) + ": " + firstLine(e));
        } catch (NoSuchFileException e) {
            problems.add(file + ": no such file");
        } catch (IOException e) {
            problems.add(file + ": cannot be read as UTF-8 text: " + e.getMessage());
        }
    }

    private void readDocument(JsonParser parser, Path file) throws IOException {
        JsonToken first = parser.nextToken();
        if (first == JsonToken.START_OBJECT) {
            readSection(parser, file, "");
        } else if (first != null && first != JsonToken.VALUE_NULL) {
            throw new JsonParseException(parser, "expected settings such as 'send:' at the top");
        }
    }

    private void readSection(JsonParser parser, Path file, String prefix) throws IOException {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = prefix + parser.currentName();
            int line = parser.currentTokenLocation().getLineNr();
            JsonToken token = parser.nextToken();
            if (token == JsonToken.START_OBJECT) {
                readSection(parser, file, key + ".");
            } else if (token == JsonToken.START_ARRAY) {
                putOnce(key, new Given(readList(parser), true, place(file, line)));
            } else {
                String text = token == JsonToken.VALUE_NULL ? "" : parser.getText();
                putOnce(key, new Given(List.of(text), false, place(file, line)));
            }
        }
    }

    private List<String> readList(JsonParser parser) throws IOException {
        List<String> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (!parser.currentToken().isScalarValue()) {
                throw new JsonParseException(parser, "expected a plain value in this list");
            }
            list.add(parser.getText());
        }
        return list;
    }

    private void putOnce(String key, Given given) {
        Given earlier = values.put(key, given);
        if (earlier != null) {
            problems.add("%s: given twice (%s and %s)".formatted(key, earlier.place(), given.place()));
        }
    }

    /** The parser's later lines quote the file, which may hold secrets. */
    private static String firstLine(JsonProcessingException e) {
        return "not valid YAML: "
                + e.getOriginalMessage().lines().findFirst().orElse("").strip();
    }

    private static String place(Path file, int line) {
        return file + " line " + line;
    }
}
