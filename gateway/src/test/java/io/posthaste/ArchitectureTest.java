package io.posthaste;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The edges in the root package-info. Adding one is a decision: change both. */
class ArchitectureTest {
    private static final String ROOT = "io.posthaste";

    private static final Path SOURCES = Path.of("src/main/java/io/posthaste");
    private static final int MOST_FILES = 25;
    private static final int MOST_LINES = 300;

    /** From a package to those it may use, low ones first. */
    private static final Map<String, Set<String>> MAY_USE = edges(
            "spelling ->",
            "config -> spelling",
            "job ->",
            "json ->",
            "digest ->",
            "seal -> digest",
            "audit -> digest",
            "connection -> digest json",
            "store ->",
            "liquid.value ->",
            "subject -> liquid.value",
            "action -> job",
            "metrics -> job",
            "redis -> config",
            "redis.embedded -> config redis",
            "redis.layout -> redis",
            "liquid.filter -> liquid.value spelling",
            "liquid.plugin -> liquid.filter liquid.value",
            "liquid.template -> liquid.filter liquid.value",
            "liquid.parse -> liquid.filter liquid.template liquid.value",
            "liquid -> liquid.filter liquid.parse liquid.template liquid.value",
            "queue.record -> job seal",
            "queue -> config job queue.record redis seal",
            "queue.browse -> action job queue queue.record redis redis.layout seal config subject",
            "queue.upkeep -> metrics queue queue.record redis redis.layout config",
            "store.alert -> json redis",
            "store.host -> redis",
            "alert -> config metrics queue.browse queue.upkeep store.alert",
            "doctor -> config redis",
            "store.action -> action job json metrics redis store",
            "store.audit -> audit redis",
            "store.person -> job redis redis.layout store",
            "store.rate -> json metrics redis redis.layout",
            "store.reporting -> json metrics redis",
            "store.vault -> connection job json metrics redis seal store",
            "queue.reshape -> action metrics queue queue.browse queue.record queue.upkeep redis redis.layout "
                    + "store.action store.person",
            "render -> action job liquid liquid.filter liquid.parse liquid.template liquid.value subject",
            "trace -> digest job",
            "sign -> action job",
            "send.address ->",
            "send.peer -> digest",
            "send.tls -> connection send.peer",
            "send.token -> connection job json",
            "send -> config connection job send.address send.peer send.tls send.token",
            "classify -> action job",
            "redact -> job",
            "deliver.limit -> job metrics send",
            "host -> deliver.limit job metrics send send.peer store.host",
            "deliver -> action classify deliver.limit job json metrics queue queue.browse redact render send sign "
                    + "store store.action subject trace",
            "report -> action job metrics send sign store.reporting",
            "http -> audit config connection digest job json metrics queue.browse store store.action",
            "api.port -> action http job queue.browse queue.reshape queue.upkeep render store.action store.audit"
                    + " store.person store.rate store.reporting store.vault",
            "api.check -> action job json redact send store.action store.vault",
            "api.bin -> http job json",
            "api.audit -> audit http store.audit",
            "api.host -> api.check http json store.rate",
            "api.live -> deliver.limit doctor host http job json metrics queue.browse send.peer store.alert",
            "api.person -> api.port http job json liquid.value queue.browse render store.person",
            "api.shards -> http json queue.reshape redis redis.layout",
            "api.reporting -> api.check http json redact store.reporting",
            "api.vault -> api.check api.port connection http job json store.action store.vault",
            "api.delivery -> action api.check api.port http job json queue.browse queue.upkeep redact render "
                    + "store.action",
            "api.action -> action api.check api.delivery api.port classify http job json liquid.value "
                    + "metrics queue.browse queue.upkeep redact render store.action",
            "api -> api.action api.audit api.bin api.check api.delivery api.host api.live api.person api.port api.reporting"
                    + " api.shards store.vault api.vault config http job redact",
            "boot -> action alert api api.check api.live api.port classify config connection doctor deliver"
                    + " deliver.limit host http job liquid.template json liquid liquid.filter liquid.parse liquid.plugin"
                    + " metrics queue queue.browse queue.reshape queue.upkeep redact redis redis.embedded redis.layout"
                    + " render report store seal send send.address sign store.action store.alert store.audit store.host store.person"
                    + " store.rate store.reporting store.vault trace",
            "cli -> action boot classify config connection doctor http job json queue queue.browse redis"
                    + " redis.embedded seal send.tls sign store.vault");

    /** What is reached through the values of others, without an import. */
    private static final Set<String> BY_VALUE_ONLY = Set.of("config", "store.vault", "liquid.template");

    private static final Pattern IMPORT =
            Pattern.compile("import (?:static )?io\\.posthaste\\.((?:[a-z]+\\.)*[a-z]+)\\.[A-Z]");

    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    @Test
    void packagesUseOnlyWhatTheyMay() {
        Set<String> forbidden = new TreeSet<>();
        for (JavaClass from : OURS) {
            String room = packageOf(from);
            for (Dependency edge : from.getDirectDependenciesFromSelf()) {
                JavaClass to = edge.getTargetClass().getBaseComponentType();
                boolean ours = to.getPackageName().startsWith(ROOT);
                if (ours && !room.equals(packageOf(to)) && !mayUse(room, packageOf(to))) {
                    forbidden.add(room + " -> " + packageOf(to) + ": " + edge.getDescription());
                }
            }
        }

        assertThat(forbidden).isEmpty();
    }

    /** By their imports: a type that only a pattern names leaves no trace in a class file that would be found. */
    @Test
    void everyEdgeIsUsed() throws IOException {
        for (Map.Entry<String, Set<String>> edges : MAY_USE.entrySet()) {
            Set<String> used = new TreeSet<>();
            for (Path file : javaFiles(folderOf(edges.getKey()))) {
                IMPORT.matcher(Files.readString(file)).results().forEach(found -> used.add(found.group(1)));
            }
            Set<String> unused = new TreeSet<>(edges.getValue());
            unused.removeAll(used);
            assertThat(unused).as(edges.getKey()).isSubsetOf(BY_VALUE_ONLY);
        }
    }

    @Test
    void packagesLookOnlyDown() {
        List<String> order = List.copyOf(MAY_USE.keySet());

        MAY_USE.forEach((room, below) ->
                assertThat(order.subList(0, order.indexOf(room))).as(room).containsAll(below));
    }

    @Test
    void everyPackageHasItsPlaceAndSaysWhatLivesThere() throws IOException {
        for (String room : roomsOnDisk()) {
            if (!room.isEmpty()) {
                assertThat(MAY_USE).containsKey(room);
            }
            assertThat(Files.readString(folderOf(room).resolve("package-info.java")))
                    .as(room)
                    .contains("/**");
        }
    }

    @Test
    void packagesAndFilesAreSmall() throws IOException {
        for (String room : roomsOnDisk()) {
            List<Path> files = javaFiles(folderOf(room));
            assertThat(files).as(room).hasSizeLessThanOrEqualTo(MOST_FILES);
            areShort(files);
        }
    }

    @Test
    void theBenchIsNoLarger() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("../bench/src/main/java"))) {
            areShort(files.filter(file -> file.toString().endsWith(".java")).toList());
        }
    }

    private static void areShort(List<Path> files) throws IOException {
        for (Path file : files) {
            assertThat(Files.readAllLines(file)).as(file.toString()).hasSizeLessThanOrEqualTo(MOST_LINES);
        }
    }

    private static Path folderOf(String room) {
        return SOURCES.resolve(room.replace('.', '/'));
    }

    private static List<Path> javaFiles(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }

    private static List<String> roomsOnDisk() throws IOException {
        try (Stream<Path> folders = Files.walk(SOURCES)) {
            return folders.filter(Files::isDirectory)
                    .filter(folder -> Files.exists(folder.resolve("package-info.java")))
                    .map(folder -> SOURCES.relativize(folder).toString().replace('/', '.'))
                    .toList();
        }
    }

    @ParameterizedTest(name = "{0} only in {1}")
    @CsvSource({
        "io.lettuce.., redis queue store",
        "reactor.netty.http.client.., send",
        "reactor.netty.http.server.., http",
        "liqp.., liquid",
        "com.github.benmanes.caffeine.., store render send http api deliver",
        "io.micrometer.., metrics boot",
        "picocli.., cli",
        "io.opentelemetry.., trace",
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
        return rest.isEmpty() ? "" : rest.substring(1);
    }

    private static Map<String, Set<String>> edges(String... lines) {
        Map<String, Set<String>> edges = new LinkedHashMap<>();
        for (String line : lines) {
            String[] sides = line.split(" ->", 2);
            edges.put(sides[0], new TreeSet<>(List.of(sides[1].strip().split(" "))));
        }
        edges.values().forEach(below -> below.remove(""));
        return edges;
    }
}
