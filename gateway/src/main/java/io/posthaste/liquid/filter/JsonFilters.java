package io.posthaste.liquid.filter;

import io.posthaste.liquid.value.Budget;
import io.posthaste.liquid.value.JsonException;
import io.posthaste.liquid.value.JsonReader;
import io.posthaste.liquid.value.JsonWriter;
import io.posthaste.liquid.value.RenderException;
import io.posthaste.liquid.value.Utf8Buffer;
import io.posthaste.liquid.value.Values;
import java.util.Map;

/** Filters to and from JSON text. */
final class JsonFilters {
    private JsonFilters() {}

    static void register(Map<String, FilterShape> to) {
        to.put("to_json", FilterShape.of(new ToJson(), 0, 0));
        to.put("json", FilterShape.of(new ToJson(), 0, 1));
        to.put("json_escape", FilterShape.of(new JsonEscape(), 0, 0));
        to.put("from_json", FilterShape.of((input, args, context) -> read(input, context.budget()), 0, 0));
        to.put("json_array_uniq", FilterShape.of(SelectFilters::unique, 1, 1));
    }

    private static final class ToJson implements PrintingFilter {
        @Override
        public void print(Object input, Arguments args, FilterContext context, Utf8Buffer out) {
            JsonWriter.indented(args.index(0, 0, "the indent of json")).write(input, out);
        }

        @Override
        public boolean isJson(Object input, Arguments args, boolean inString) {
            return !inString;
        }
    }

    /** The inside of a JSON string. */
    private static final class JsonEscape implements PrintingFilter {
        @Override
        public void print(Object input, Arguments args, FilterContext context, Utf8Buffer out) {
            JsonWriter.escape(Values.text(input), out);
        }

        @Override
        public boolean isJson(Object input, Arguments args, boolean inString) {
            return inString;
        }
    }

    /** What objects and lists take beyond their texts: an empty map, a place in a map. Measured, rounded up. */
    private static final int BYTES_OF_NODE = 96;

    private static final int BYTES_OF_PLACE = 64;

    /** What the values in a JSON text take on the heap, by what stands in it: counted before any of them is made. */
    private static long heapOf(String json) {
        long bytes = 2L * json.length();
        for (int i = 0; i < json.length(); i++) {
            switch (json.charAt(i)) {
                case '{', '[' -> bytes += BYTES_OF_NODE;
                case ',', ':' -> bytes += BYTES_OF_PLACE;
                default -> {}
            }
        }
        return bytes;
    }

    private static Object read(Object input, Budget budget) {
        if (!(input instanceof String text)) {
            throw new RenderException("from_json needs text, not " + Values.describe(input));
        }
        budget.retain(heapOf(text));
        budget.length(text.length());
        try {
            return JsonReader.read(text);
        } catch (JsonException e) {
            throw new RenderException("from_json: the text is not valid JSON: " + e.reason());
        }
    }
}
