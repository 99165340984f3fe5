package io.posthaste.liquid;

import io.posthaste.liquid.filter.Filter;
import io.posthaste.liquid.template.Scope;
import java.util.Map;
import java.util.Set;

/**
 * What an application makes of the language.
 *
 * @param namespaces names in the data that may be absent as a whole, and then print nothing (M43)
 * @param provided names that a {@link Scope} provides instead of the data
 * @param refusedData names that the data must not have
 * @param refusedTags names of tags that are refused, each with the reason
 * @param filters filters beside the built-in ones
 */
public record Dialect(
        Set<String> namespaces,
        Set<String> provided,
        Set<String> refusedData,
        Map<String, String> refusedTags,
        Map<String, Filter> filters) {
    /** Plain Liquid. */
    public static final Dialect PLAIN = new Dialect(Set.of(), Set.of(), Set.of(), Map.of(), Map.of());
}
