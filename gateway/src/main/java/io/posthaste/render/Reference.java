package io.posthaste.render;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What there is to write in a template, told to those who write one: {@code liquid-reference.txt}, and the filters that
 * this gateway has beside the built-in ones.
 *
 * @param entries in the order of the file
 */
public record Reference(List<Entry> entries) {
    private static final String VARIABLES = "Variables";
    private static final String OF_ANSWERS = "Variables of what the answer sets";
    private static final String TAGS = "Tags";
    private static final String NOT_BUILT_IN = "Filters of your own";

    /**
     * One line of the reference.
     *
     * @param heading what it stands under
     * @param title its names, or what it is about
     * @param about what it does, a few words
     * @param example a template, empty for a variable
     */
    public record Entry(String heading, String title, String about, String example) {
        /** Whether it is a name that data or the gateway give. */
        public boolean isVariable() {
            return heading.equals(VARIABLES) || isOfAnswers();
        }

        /** Whether it is a name that only what the answer sets may use (M69, M70). */
        public boolean isOfAnswers() {
            return heading.equals(OF_ANSWERS);
        }

        public boolean isTag() {
            return heading.equals(TAGS);
        }

        public boolean isFilter() {
            return !isTag() && !isVariable();
        }

        /** Names to write; none when it tells of another use of a name that has its own line. */
        public List<String> names() {
            return title.matches("\\w+(, \\w+)*") ? List.of(title.split(", ")) : List.of();
        }

        /** What closes the tag of that name, or an empty text when it opens nothing. */
        public String end(String name) {
            return example.contains("{% end" + name + " %}") ? "end" + name : "";
        }
    }

    /** @param filters names of all filters that there are */
    public static Reference of(Set<String> filters) {
        List<Entry> entries = new ArrayList<>(read());
        Predicate<String> told = name -> entries.stream()
                .anyMatch(entry -> entry.isFilter() && entry.names().contains(name));
        List<Entry> others = filters.stream()
                .filter(told.negate())
                .sorted()
                .map(name -> new Entry(NOT_BUILT_IN, name, "a filter of this gateway's own", ""))
                .toList();
        entries.addAll(others);
        return new Reference(List.copyOf(entries));
    }

    /** Those of one kind. */
    public Stream<Entry> all(Predicate<Entry> kind) {
        return entries.stream().filter(kind);
    }

    private static List<Entry> read() {
        try (InputStream in = Objects.requireNonNull(Reference.class.getResourceAsStream("/liquid-reference.txt"))) {
            return entries(new String(in.readAllBytes(), UTF_8).lines().toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A line without a bar goes on with the example before it. */
    private static List<Entry> entries(List<String> lines) {
        List<Entry> entries = new ArrayList<>();
        String heading = "";
        for (String line : lines) {
            if (line.startsWith("= ")) {
                heading = line.substring(2);
            } else if (line.matches("[#a-z][a-z0-9_, #()]* \\| .*")) {
                String[] parts = line.split(" \\| ", 3);
                entries.add(new Entry(heading, parts[0], parts[1], parts.length < 3 ? "" : parts[2]));
            } else if (!line.startsWith("# ")) {
                Entry begun = entries.removeLast();
                entries.add(new Entry(heading, begun.title(), begun.about(), begun.example() + "\n" + line));
            }
        }
        return entries;
    }
}
