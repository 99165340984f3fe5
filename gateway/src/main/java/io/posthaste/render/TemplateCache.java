package io.posthaste.render;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.posthaste.liquid.Compiled;
import io.posthaste.liquid.Liquid;
import io.posthaste.liquid.Problem;
import io.posthaste.liquid.TemplateException;
import java.util.List;

/**
 * Compiled templates by their text, so that a change of an action needs no invalidation. Bounded by weight, the
 * characters of the sources with what compiling makes of them. Thread-safe.
 */
public final class TemplateCache {
    /** Bytes that count for each character of a source: an estimate on the high side, not a measurement. */
    private static final int WEIGHT = 10;

    private static final int OVERHEAD = 1_000;

    private final Liquid liquid;
    private final Cache<List<String>, Entry> entries;

    /** What is known about some sources. */
    sealed interface Entry {
        /** @param breaker counts the limits that their renders ran into */
        record Usable(Compiled compiled, Breaker breaker) implements Entry {}

        /**
         * @param source which of them is at fault, from 0
         * @param problem the first in it
         */
        record Refused(int source, Problem problem) implements Entry {}
    }

    /** @param maxBytes weight of all that is kept */
    public TemplateCache(Liquid liquid, long maxBytes) {
        this.liquid = liquid;
        this.entries = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .weigher(TemplateCache::weight)
                .build();
    }

    private static int weight(List<String> sources, Entry entry) {
        int characters = sources.stream().mapToInt(String::length).sum();
        return characters * WEIGHT + OVERHEAD;
    }

    /** The sources compiled together. Templates that do not compile are remembered as well. */
    Entry get(List<String> sources) {
        return entries.get(sources, this::compile);
    }

    private Entry compile(List<String> sources) {
        try {
            return new Entry.Usable(liquid.compile(sources), new Breaker());
        } catch (TemplateException e) {
            return new Entry.Refused(e.source(), e.problems().get(0));
        }
    }

    /** How many sets of templates are kept, about. */
    public long size() {
        return entries.estimatedSize();
    }
}
