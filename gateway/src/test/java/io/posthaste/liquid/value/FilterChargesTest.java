package io.posthaste.liquid.value;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.posthaste.liquid.filter.Arguments;
import io.posthaste.liquid.filter.FilterContext;
import io.posthaste.liquid.filter.FilterShape;
import io.posthaste.liquid.filter.Filters;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every filter with values as large and as deep as a render may have: it pays for the time and the memory that it takes. */
class FilterChargesTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final Filters FILTERS = Filters.with(Map.of());
    private static final int MAX_VALUE = 1 << 20;

    /** A step is tens of nanoseconds; the slowest work for one is this, on a slow machine. */
    private static final long NANOS_OF_A_STEP = 4_000;

    /** What a call may cost beside: code that runs for the first time, and a value printed up to the greatest length. */
    private static final long NANOS_OF_A_CALL = 1_000_000_000;

    /** The estimate counts what stays, not copies on the way to it. */
    private static final int BYTES_OF_ONE_COUNTED = 24;

    /** What is made and let go again with a step. */
    private static final int BYTES_OF_A_STEP = 64;

    /** What a call may make beside: a value of the greatest length a few times over. */
    private static final long BYTES_OF_A_CALL = 32L << 20;

    private static final String TEXT = "lorem <b>ipsum</b> ".repeat(MAX_VALUE / 19);
    private static final Map<String, Object> VALUES = values();

    static Stream<String> filters() {
        return FILTERS.names().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("filters")
    void aFilterPaysForWhatItTakes(String name) {
        FilterShape signature = Objects.requireNonNull(FILTERS.find(name));
        List<String> unpaid = new ArrayList<>();
        VALUES.forEach((input, value) -> arguments(signature).forEach((shown, arguments) -> {
            String problem = call(signature, value, arguments);
            if (problem != null) {
                unpaid.add(name + " of " + input + " with " + shown + " " + problem);
            }
        }));
        assertThat(unpaid).isEmpty();
    }

    /** The best of three: the machine does other things, too. */
    private static @Nullable String call(FilterShape signature, Object value, Arguments arguments) {
        String problem = "";
        for (int run = 0; run < 3 && problem != null; run++) {
            problem = measured(signature, value, arguments);
        }
        return problem;
    }

    private static @Nullable String measured(FilterShape signature, Object value, Arguments arguments) {
        Budget budget = new Budget(() -> 0, 1_000_000, 10_000, MAX_VALUE, Duration.ofDays(1));
        FilterContext context = new FilterContext(budget, Instant.EPOCH, new Random(1));
        long bytes = THREADS.getCurrentThreadAllocatedBytes();
        long nanos = THREADS.getCurrentThreadCpuTime();
        try {
            budget.visit(value);
            for (int i = 0; i < arguments.count(); i++) {
                budget.visit(arguments.at(i));
            }
            budget.made(signature.filter().apply(value, arguments, context));
        } catch (RenderException refused) {
            // What it took until then counts.
        }
        nanos = THREADS.getCurrentThreadCpuTime() - nanos;
        bytes = THREADS.getCurrentThreadAllocatedBytes() - bytes;
        if (nanos > NANOS_OF_A_CALL + budget.stepsCounted() * NANOS_OF_A_STEP) {
            return "took %d ms, and paid %d steps".formatted(nanos / 1_000_000, budget.stepsCounted());
        }
        long paid = budget.bytesCounted() * BYTES_OF_ONE_COUNTED + budget.stepsCounted() * BYTES_OF_A_STEP;
        return bytes > BYTES_OF_A_CALL + paid
                ? "made %d KiB, and paid %d KiB".formatted(bytes >> 10, budget.bytesCounted() >> 10)
                : null;
    }

    private static Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("a long text", TEXT);
        values.put("a text of spaces", " ".repeat(MAX_VALUE - 1) + "x");
        values.put("a text of commas", ",".repeat(MAX_VALUE - 1));
        values.put("a text outside Latin-1", "\u00e9\u4e2d ".repeat(MAX_VALUE / 8));
        values.put("a text of digits", "9".repeat(MAX_VALUE - 1));
        values.put("a text of escapes", "%41&amp;<".repeat(MAX_VALUE / 16));
        values.put("JSON", "[" + "{\"a\":1},".repeat(MAX_VALUE / 16) + "1]");
        values.put("deep JSON", "[".repeat(60) + "]".repeat(60));
        values.put("a list of numbers", list(100_000, Long::valueOf));
        values.put("a list of texts", list(50_000, i -> "t" + i * 7_919 % 50_000));
        values.put("a list of one long text", Collections.nCopies(512, TEXT));
        values.put("a list of lists of it", Collections.nCopies(64, Collections.nCopies(64, TEXT)));
        values.put("a list of objects", list(20_000, i -> Map.of("k", "v" + i % 1_000, "n", (long) i, "t", "x")));
        values.put("a list of objects with long texts", Collections.nCopies(512, Map.of("k", TEXT, "n", TEXT)));
        values.put("a wide object", wide());
        values.put("a deep list", nested());
        values.put("a range", new Range(1, 2_000_000_000));
        values.put("a short range", new Range(1, 9_000));
        values.put("a number", 12_345L);
        values.put("a decimal", new BigDecimal("1e999"));
        values.put("nothing", Nil.MISSING);
        return values;
    }

    private static Object list(int size, Function<Integer, Object> item) {
        return IntStream.range(0, size).boxed().map(item).toList();
    }

    private static Object wide() {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < 20_000; i++) {
            map.put("key" + i, (long) i);
        }
        return map;
    }

    /** Each level holds the one below twice: tiny, and endless to whoever walks through it. */
    private static Object nested() {
        Object list = List.of("x");
        for (int i = 0; i < 50; i++) {
            list = List.of(list, list);
        }
        return list;
    }

    private static Map<String, Arguments> arguments(FilterShape signature) {
        Map<String, Arguments> all = new LinkedHashMap<>();
        if (signature.expression()) {
            Function<Object, Object> item = value -> value;
            all.put("an expression", new Arguments("i", item));
            return all;
        }
        if (signature.least() == 0) {
            all.put("nothing", Arguments.NONE);
        }
        int most = Math.min(signature.most() + signature.keywords().size(), 3);
        Map<String, Object> ones = new LinkedHashMap<>(Map.of("k", "k", "e", "e", "3", 3L, "900000", 900_000L));
        ones.put("an empty text", "");
        ones.put("a space", " ");
        ones.put("a long text", TEXT);
        ones.put("a list of long texts", Collections.nCopies(512, TEXT));
        ones.forEach((shown, one) -> {
            for (int count = Math.max(1, signature.least()); count <= most; count++) {
                all.put(
                        count + " times " + shown,
                        new Arguments(Collections.nCopies(count, one).toArray()));
            }
        });
        return all;
    }
}
