package io.posthaste.render;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.posthaste.liquid.Compiled;
import io.posthaste.liquid.Liquid;
import io.posthaste.liquid.parse.Escape;
import io.posthaste.liquid.parse.TemplateException;
import io.posthaste.liquid.template.TemplateProblem;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Compiled templates by their text, so that a change of an action needs no invalidation. Bounded by weight: an
 * estimate of the bytes that the sources and what compiling makes of them take. Thread-safe.
 */
public final class TemplateCache {
    /** Bytes on the heap, on the high side of what was measured: of a set, a character, a tag or output, a filter. */
    private static final int OVERHEAD = 1_000;

    private static final int CHARACTER = 3;
    private static final int TAG = 200;
    private static final int FILTER = 120;

    private static final Pattern PLAIN_SECRET =
            Pattern.compile("\\{\\{-?\\s*secrets\\.[A-Za-z_][A-Za-z0-9_-]*\\s*-?}}");

    private final Liquid liquid;
    private final RenderWatch watch;
    private final Cache<Key, Entry> entries;

    private record Key(List<String> sources, Escape last) {}

    /** What is known about some sources. */
    sealed interface Entry {
        /**
         * @param breaker counts the limits that their renders ran into
         * @param customerSlot a slot that is absent when the data have no customer; -1 when none is read
         * @param snippets whether snippets are printed, which may read anything
         * @param derives whether something may be made of secrets before it is printed
         */
        record Usable(Compiled compiled, Breaker breaker, int customerSlot, boolean snippets, boolean derives)
                implements Entry {}

        /**
         * @param source which of them is at fault, from 0
         * @param problem the first in it
         */
        record Refused(int source, TemplateProblem problem) implements Entry {}
    }

    /** @param maxBytes weight of all that is kept */
    public TemplateCache(Liquid liquid, long maxBytes) {
        this(liquid, maxBytes, new RenderWatch());
    }

    /** @param watch told of every rendering of these templates */
    public TemplateCache(Liquid liquid, long maxBytes, RenderWatch watch) {
        this.liquid = liquid;
        this.watch = watch;
        this.entries = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .weigher(TemplateCache::weight)
                .build();
    }

    private static int weight(Key key, Entry entry) {
        return OVERHEAD
                + key.sources().stream().mapToInt(TemplateCache::estimate).sum();
    }

    private static int estimate(String source) {
        int weight = source.length() * CHARACTER;
        for (int i = 0; i < source.length(); i++) {
            weight += switch (source.charAt(i)) {
                case '|' -> FILTER;
                case '{' -> TAG / 2; // An output has two of them, a tag one and two percent signs.
                case '%' -> TAG / 4;
                default -> 0;
            };
        }
        return weight;
    }

    /**
     * The sources compiled together. Templates that do not compile are remembered as well.
     *
     * @param last what the outputs of the last one do to values
     */
    Entry get(List<String> sources, Escape last) {
        return entries.get(new Key(sources, last), this::compile);
    }

    private Entry compile(Key key) {
        try {
            Compiled compiled = liquid.compile(key.sources(), key.last());
            boolean snippets = key.sources().stream().anyMatch(source -> source.contains("snippets"));
            boolean derives = snippets || key.sources().stream().anyMatch(TemplateCache::derives);
            return new Entry.Usable(
                    compiled, new Breaker(), compiled.projection().slotOf("customer"), snippets, derives);
        } catch (TemplateException e) {
            return new Entry.Refused(e.source(), e.problems().get(0));
        }
    }

    /** Whether secrets stand anywhere but alone in an output. */
    private static boolean derives(String source) {
        return PLAIN_SECRET.matcher(source).replaceAll("").contains("secrets");
    }

    RenderWatch watch() {
        return watch;
    }

    /** How many sets of templates are kept, about. */
    public long size() {
        return entries.estimatedSize();
    }
}
