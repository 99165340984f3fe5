package io.posthaste.liquid.filter;

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

    static void register(Map<String, Signature> to) {
        to.put("to_json", Signature.of(new ToJson(), 0, 0));
        to.put("json", Signature.of(new ToJson(), 0, 1));
        to.put("json_escape", Signature.of(new JsonEscape(), 0, 0));
        to.put("from_json", Signature.of((input, args, context) -> read(input), 0, 0));
        to.put("json_array_uniq", Signature.of(SelectFilters::unique, 1, 1));
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

    private static Object read(Object input) {
        if (!(input instanceof String text)) {
            throw new RenderException("from_json needs text, not " + Values.describe(input));
        }
        try {
            return JsonReader.read(text);
        } catch (JsonException e) {
            throw new RenderException("from_json: the text is not valid JSON: " + e.reason());
        }
    }
}
