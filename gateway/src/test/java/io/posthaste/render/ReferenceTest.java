package io.posthaste.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.render.Reference.Entry;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the reference tells is what the engine has, no more and no less. */
class ReferenceTest {
    private static final Set<String> FILTERS = Recipes.liquid().filterNames();
    private static final Reference REFERENCE = Reference.of(FILTERS);

    @Test
    void everyFilterIsToldOnce() {
        assertThat(names(Entry::isFilter)).containsExactlyInAnyOrderElementsOf(FILTERS);
    }

    @Test
    void everyTagIsTold() {
        Set<String> told = new HashSet<>(names(Entry::isTag));
        assertThat(told)
                .containsAll(Recipes.liquid().tagNames().stream()
                        .filter(name -> name.matches("\\w+"))
                        .toList());
        told.removeAll(Recipes.liquid().tagNames());
        assertThat(told).containsExactlyInAnyOrder("elsif", "else", "when");
    }

    @Test
    void aTagThatOpensABlockNamesItsEnd() {
        Set<String> blocks = REFERENCE
                .all(Entry::isTag)
                .flatMap(entry ->
                        entry.names().stream().filter(name -> !entry.end(name).isEmpty()))
                .collect(Collectors.toSet());

        assertThat(blocks)
                .containsExactlyInAnyOrder("if", "unless", "case", "for", "ifchanged", "capture", "comment", "raw");
    }

    @Test
    void everyNameOfTheDialectIsTold() {
        Set<String> names = new HashSet<>(WebhookDialect.NAMESPACES);
        names.addAll(WebhookDialect.PROVIDED);
        names.addAll(Set.of("response", "http"));

        assertThat(names(Entry::isVariable)).containsExactlyInAnyOrderElementsOf(names);
        assertThat(names(Entry::isOfAnswers)).containsExactlyInAnyOrder("response", "http");
    }

    @Test
    void aFilterOfTheGatewaysOwnIsToldBesideThem() {
        Set<String> more = new HashSet<>(FILTERS);
        more.add("shout");

        assertThat(Reference.of(more).entries().getLast())
                .isEqualTo(new Entry("Filters of your own", "shout", "a filter of this gateway's own", ""));
    }

    @Test
    void nobodyTellsInMoreThanAFewWords() {
        assertThat(REFERENCE.entries())
                .allSatisfy(entry -> assertThat(entry.about()).hasSizeBetween(4, 70));
    }

    private static List<String> names(Predicate<Entry> kind) {
        return REFERENCE.all(kind).flatMap(entry -> entry.names().stream()).toList();
    }
}
