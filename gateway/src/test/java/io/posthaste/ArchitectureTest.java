package io.posthaste;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The edges in the root package-info. Adding one is a decision: change both. */
class ArchitectureTest {
    private static final String ROOT = "io.posthaste";

    private static final Set<String> NOUNS = Set.of("job", "action", "config");
    private static final Set<String> STAGES = Set.of("queue", "store", "render", "sign", "send", "classify");

    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry("job", Set.of()),
            Map.entry("config", Set.of()),
            Map.entry("action", Set.of("job")),
            Map.entry("liquid", Set.of()),
            Map.entry("metrics", NOUNS),
            Map.entry("redis", NOUNS),
            Map.entry("seal", Set.of()),
            Map.entry("queue", with(NOUNS, "redis", "seal", "metrics")),
            Map.entry("store", with(NOUNS, "redis", "seal", "metrics")),
            Map.entry("render", with(NOUNS, "liquid", "metrics")),
            Map.entry("sign", with(NOUNS, "metrics")),
            Map.entry("send", with(NOUNS, "metrics")),
            Map.entry("classify", with(NOUNS, "metrics")),
            Map.entry("deliver", with(NOUNS, with(STAGES, "metrics"))),
            Map.entry("report", with(NOUNS, "store", "sign", "send", "metrics")),
            Map.entry("admin", with(NOUNS, with(STAGES, "metrics", "liquid"))));

    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    @Test
    void packagesLookOnlyDown() {
        Set<String> forbidden = new TreeSet<>();
        for (JavaClass from : OURS) {
            String layer = packageOf(from);
            for (Dependency edge : from.getDirectDependenciesFromSelf()) {
                JavaClass to = edge.getTargetClass().getBaseComponentType();
                boolean ours = to.getPackageName().startsWith(ROOT);
                if (ours && !layer.isEmpty() && !layer.equals(packageOf(to)) && !mayUse(layer, packageOf(to))) {
                    forbidden.add(layer + " -> " + packageOf(to) + ": " + edge.getDescription());
                }
            }
        }

        assertThat(forbidden).isEmpty();
    }

    @Test
    void everyPackageHasItsPlace() {
        Set<String> found = new TreeSet<>();
        OURS.forEach(type -> found.add(packageOf(type)));
        found.remove("");

        assertThat(MAY_USE.keySet()).containsAll(found);
    }

    @ParameterizedTest(name = "{0} only in {1}")
    @CsvSource({
        "io.lettuce.., redis queue store",
        "reactor.netty.http.client.., send",
        "reactor.netty.http.server.., admin",
        "liqp.., liquid",
        "com.github.benmanes.caffeine.., store render send admin deliver",
        "io.micrometer.., metrics",
        "picocli.., ''",
    })
    void thirdPartyTypesStayHome(String types, String homes) {
        String[] allowed = Stream.concat(
                        Stream.of(ROOT),
                        Stream.of(homes.split(" "))
                                .filter(home -> !home.isEmpty())
                                .map(home -> ROOT + "." + home + ".."))
                .toArray(String[]::new);

        noClasses()
                .that()
                .resideOutsideOfPackages(allowed)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(types)
                .check(OURS);
    }

    @Test
    void nounsUseTheJdkOnly() {
        noClasses()
                .that()
                .resideInAnyPackage(ROOT + ".job..", ROOT + ".action..")
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages(ROOT + ".job..", ROOT + ".action..", "java..", "org.jspecify..")
                .check(OURS);
    }

    private static boolean mayUse(String from, String to) {
        return MAY_USE.getOrDefault(from, Set.of()).contains(to);
    }

    private static String packageOf(JavaClass type) {
        String rest = type.getPackageName().substring(ROOT.length());
        return rest.isEmpty() ? "" : rest.substring(1).split("\\.")[0];
    }

    private static Set<String> with(Set<String> set, String... more) {
        return with(set, Set.of(more));
    }

    private static Set<String> with(Set<String> set, Set<String> more) {
        Set<String> all = new TreeSet<>(set);
        all.addAll(more);
        return all;
    }
}
