package io.posthaste.liquid.filter;

import io.posthaste.liquid.value.JsonWriter;
import io.posthaste.liquid.value.Utf8Buffer;
import io.posthaste.liquid.value.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Filters that exchange or remove parts of a text. */
final class ReplaceFilters {
    private ReplaceFilters() {}

    static void register(Map<String, FilterShape> to) {
        to.put("replace", FilterShape.of(new Replace(), 1, 2));
        to.put(
                "replace_first",
                FilterShape.of((in, args, context) -> first(in, args.text(0), args.text(1), context), 1, 2));
        to.put(
                "replace_last",
                FilterShape.of((in, args, context) -> last(in, args.text(0), args.text(1), context), 2, 2));
        to.put("remove", FilterShape.of(ReplaceFilters::remove, 1, 1));
        to.put("remove_first", FilterShape.of((in, args, context) -> first(in, args.text(0), "", context), 1, 1));
        to.put("remove_last", FilterShape.of((in, args, context) -> last(in, args.text(0), "", context), 1, 1));
        to.put("strip_newlines", FilterShape.of((in, args, context) -> lines(in, "", context), 0, 0));
        to.put("newline_to_br", FilterShape.of((in, args, context) -> lines(in, "<br />\n", context), 0, 0));
        to.put("strip_html", FilterShape.of((in, args, context) -> withoutTags(in, context), 0, 0));
    }

    /** {@code replace}; of an object or list by {@code "=>", ":"} it is JSON (M38). */
    private static final class Replace implements PrintingFilter {
        private static boolean isJson(Object input, Arguments args) {
            return (input instanceof Map || input instanceof List)
                    && args.text(0).equals("=>")
                    && args.text(1).equals(":");
        }

        @Override
        public Object apply(Object input, Arguments args, FilterContext context) {
            return isJson(input, args)
                    ? PrintingFilter.super.apply(input, args, context)
                    : replaced(Values.text(input), args.text(0), args.text(1), context);
        }

        @Override
        public boolean isJson(Object input, Arguments args, boolean inString) {
            return !inString && isJson(input, args);
        }

        @Override
        public void print(Object input, Arguments args, FilterContext context, Utf8Buffer out) {
            if (isJson(input, args)) {
                JsonWriter.SPACED.write(input, out);
            } else {
                out.append(replaced(Values.text(input), args.text(0), args.text(1), context));
            }
        }
    }

    private static String replaced(String text, String part, String by, FilterContext context) {
        if (part.isEmpty()) {
            return between(text, by, context);
        }
        int at = text.indexOf(part);
        if (at < 0) {
            return text;
        }
        TextBuilder out = new TextBuilder(context.budget(), text.length() + 16);
        int start = 0;
        for (; at >= 0; at = text.indexOf(part, start)) {
            out.add(text, start, at).add(by);
            start = at + part.length();
        }
        return out.add(text, start, text.length()).done();
    }

    /** An empty part is found before, between and after all characters. */
    private static String between(String text, String by, FilterContext context) {
        TextBuilder out = new TextBuilder(context.budget(), text.length() * 2).add(by);
        text.codePoints().forEach(point -> out.addPoint(point).add(by));
        return out.done();
    }

    private static String first(Object input, String part, String by, FilterContext context) {
        String text = Values.text(input);
        return exchange(text, text.indexOf(part), part, by, context);
    }

    private static String last(Object input, String part, String by, FilterContext context) {
        String text = Values.text(input);
        return exchange(text, text.lastIndexOf(part), part, by, context);
    }

    private static String exchange(String text, int at, String part, String by, FilterContext context) {
        if (at < 0) {
            return text;
        }
        return new TextBuilder(context.budget(), text.length() + by.length())
                .add(text, 0, at)
                .add(by)
                .add(text, at + part.length(), text.length())
                .done();
    }

    private static Object remove(Object input, Arguments args, FilterContext context) {
        if (!(input instanceof List<?> list)) {
            String part = args.text(0);
            String text = Values.text(input);
            return part.isEmpty() ? text : replaced(text, part, "", context);
        }
        List<Object> kept = new ArrayList<>();
        for (Object item : context.budget().list(list)) {
            if (!Values.equal(item, args.at(0), context.budget())) {
                kept.add(item);
            }
        }
        return kept;
    }

    private static String lines(Object input, String by, FilterContext context) {
        String text = Values.text(input);
        TextBuilder out = new TextBuilder(context.budget(), text.length());
        int start = 0;
        for (int at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', start)) {
            out.add(text, start, at > start && text.charAt(at - 1) == '\r' ? at - 1 : at)
                    .add(by);
            start = at + 1;
        }
        return out.add(text, start, text.length()).done();
    }

    private static String withoutTags(Object input, FilterContext context) {
        String text = Values.text(input);
        text = without(text, "<script", "</script>", context);
        text = without(text, "<!--", "-->", context);
        text = without(text, "<style", "</style>", context);
        return without(text, "<", ">", context);
    }

    /** Linear however often an opening has no closing: after the first such, nothing more can close. */
    private static String without(String text, String opening, String closing, FilterContext context) {
        TextBuilder out = new TextBuilder(context.budget(), text.length());
        int start = 0;
        for (int at = text.indexOf(opening); at >= 0; at = text.indexOf(opening, start)) {
            int end = text.indexOf(closing, at + opening.length());
            if (end < 0) {
                break;
            }
            out.add(text, start, at);
            start = end + closing.length();
        }
        return out.add(text, start, text.length()).done();
    }
}
