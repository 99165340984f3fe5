package io.posthaste.liquid.filter;

import io.posthaste.liquid.value.Literal;
import io.posthaste.liquid.value.Values;
import io.posthaste.spelling.EditDistance;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All filters by name. Immutable. */
public final class Filters {
    /** Names people try, and what they want instead. */
    private static final Map<String, String> REPLACEMENTS = Map.of(
            "parse_json", "from_json",
            "tojson", "to_json",
            "jsonify", "to_json",
            "htmlencode", "escape",
            "html_escape", "escape",
            "md5_hash", "md5");

    private final Map<String, FilterShape> byName;

    private Filters(Map<String, FilterShape> byName) {
        this.byName = Map.copyOf(byName);
    }

    /** The built-in filters and others, whose names must not be built-in ones. */
    public static Filters with(Map<String, Filter> more) {
        Map<String, FilterShape> all = builtIn();
        more.forEach((name, filter) -> all.put(name, FilterShape.of(filter, 0, 16)));
        return new Filters(all);
    }

    /** Whether a filter of that name comes with the language. */
    public static boolean isBuiltIn(String name) {
        return builtIn().containsKey(name);
    }

    private static Map<String, FilterShape> builtIn() {
        Map<String, FilterShape> all = new HashMap<>();
        TextFilters.register(all);
        ReplaceFilters.register(all);
        EncodingFilters.register(all);
        CryptoFilters.register(all);
        JsonFilters.register(all);
        NumberFilters.register(all);
        ListFilters.register(all);
        SelectFilters.register(all);
        SortFilters.register(all);
        DateFilters.register(all);
        all.put("default", new FilterShape(Filters::otherwise, 0, 1, List.of("allow_false"), false));
        return all;
    }

    /** Of all of them. */
    public Set<String> names() {
        return byName.keySet();
    }

    /** The filter of that name, or null. */
    public @Nullable FilterShape find(String name) {
        return byName.get(name);
    }

    /** What to write instead of a filter that does not exist: a sentence. */
    public String suggestion(String name) {
        String known = REPLACEMENTS.get(name);
        if (known != null) {
            return "use " + known;
        }
        return byName.keySet().stream()
                .filter(candidate -> isNear(candidate, name))
                .min((a, b) -> Integer.compare(EditDistance.between(a, name), EditDistance.between(b, name)))
                .map(near -> "did you mean " + near + "?")
                .orElse("see the list of filters, or remove it");
    }

    private static boolean isNear(String candidate, String name) {
        return name.length() <= 64 && EditDistance.between(candidate, name) <= Math.max(1, name.length() / 4);
    }

    private static Object otherwise(Object input, Arguments args, FilterContext context) {
        boolean keepFalse = Boolean.FALSE.equals(input) && Values.isTrue(args.at(1));
        boolean nothing = !Values.isTrue(input) || Values.isEmpty(input) || input instanceof Literal;
        return nothing && !keepFalse ? (args.isGiven(0) ? args.at(0) : "") : input;
    }
}
