package io.posthaste.liquid.filter;

import io.posthaste.liquid.value.Budget;
import io.posthaste.liquid.value.Nil;
import io.posthaste.liquid.value.Numbers;
import io.posthaste.liquid.value.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Filters on one text: case, trimming, cutting, words. */
final class TextFilters {
    private TextFilters() {}

    static void register(Map<String, FilterShape> to) {
        to.put("append", text(1, 1, (text, args, context) -> joined(text, args.text(0), context)));
        to.put("prepend", text(1, 1, (text, args, context) -> joined(args.text(0), text, context)));
        to.put("capitalize", text(0, 0, (text, args, context) -> capitalized(text)));
        to.put("upcase", text(0, 0, (text, args, context) -> text.toUpperCase(Locale.ROOT)));
        to.put("downcase", text(0, 0, (text, args, context) -> text.toLowerCase(Locale.ROOT)));
        to.put("titlecase", text(0, 0, (text, args, context) -> titled(text, context.budget())));
        to.put("strip", text(0, 0, (text, args, context) -> stripped(text, true, true)));
        to.put("lstrip", text(0, 0, (text, args, context) -> stripped(text, true, false)));
        to.put("rstrip", text(0, 0, (text, args, context) -> stripped(text, false, true)));
        to.put("normalize_whitespace", text(0, 0, (text, args, context) -> squeezed(text, context.budget())));
        to.put("squish", text(0, 0, (text, args, context) -> stripped(squeezed(text, context.budget()), true, true)));
        to.put("truncate", cut(TextFilters::truncated));
        to.put("truncatewords", cut(TextFilters::truncatedWords));
        to.put("slugify", text(0, 0, (text, args, context) -> slug(text, context.budget())));
        to.put("number_of_words", text(0, 0, (text, args, context) ->
                (long) words(text, context.budget()).size()));
        to.put("split", text(1, 1, (text, args, context) -> split(text, args.text(0), context.budget())));
        to.put(
                "contains",
                FilterShape.of((input, args, context) -> Values.contains(input, args.at(0), context.budget()), 1, 1));
        to.put("pluralize", FilterShape.of(TextFilters::pluralized, 2, 2));
    }

    /** A filter whose input counts as text, whatever it is. */
    private interface OnText {
        Object apply(String text, Arguments args, FilterContext context);
    }

    private static FilterShape text(int least, int most, OnText filter) {
        return FilterShape.of(
                (input, args, context) -> {
                    Object result = filter.apply(Values.text(input), args, context);
                    return result instanceof String text ? context.budget().text(text) : result;
                },
                least,
                most);
    }

    /** A filter that shortens text, and leaves nothing as it is. */
    private static FilterShape cut(OnText filter) {
        Filter onText = text(0, 2, filter).filter();
        return FilterShape.of(
                (input, args, context) -> input instanceof Nil ? input : onText.apply(input, args, context), 0, 2);
    }

    private static String joined(String first, String second, FilterContext context) {
        context.budget().length((long) first.length() + second.length());
        return first.concat(second);
    }

    static String capitalized(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = text.offsetByCodePoints(0, 1);
        return text.substring(0, first).toUpperCase(Locale.ROOT)
                + text.substring(first).toLowerCase(Locale.ROOT);
    }

    private static String titled(String text, Budget budget) {
        TextBuilder out = new TextBuilder(budget, text.length());
        int wordStart = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || isSpace(text.charAt(i))) {
                out.add(capitalized(text.substring(wordStart, i)));
                if (i < text.length()) {
                    out.add(text.charAt(i));
                }
                wordStart = i + 1;
            }
        }
        return out.done();
    }

    static boolean isSpace(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }

    private static String stripped(String text, boolean left, boolean right) {
        int start = 0;
        int end = text.length();
        while (left && start < end && isSpace(text.charAt(start))) {
            start++;
        }
        while (right && start < end && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static String squeezed(String text, Budget budget) {
        TextBuilder out = new TextBuilder(budget, text.length());
        boolean inSpace = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean space = isSpace(c);
            if (!space || !inSpace) {
                out.add(space ? ' ' : c);
            }
            inSpace = space;
        }
        return out.done();
    }

    private static String truncated(String text, Arguments args, FilterContext context) {
        int length = args.index(0, 50, "the length of truncate");
        String ellipsis = args.text(1, "...");
        if (text.codePointCount(0, text.length()) <= length) {
            return text;
        }
        int kept = Math.max(0, length - ellipsis.codePointCount(0, ellipsis.length()));
        return joined(text.substring(0, text.offsetByCodePoints(0, kept)), ellipsis, context);
    }

    private static String truncatedWords(String text, Arguments args, FilterContext context) {
        int most = Math.max(1, args.index(0, 15, "the number of words of truncatewords"));
        List<String> words = words(text, context.budget());
        if (words.size() <= most) {
            return text;
        }
        return joined(String.join(" ", words.subList(0, most)), args.text(1, "..."), context);
    }

    static List<String> words(String text, Budget budget) {
        List<String> words = new ArrayList<>();
        int start = -1;
        for (int i = 0; i <= text.length(); i++) {
            boolean space = i == text.length() || isSpace(text.charAt(i));
            if (!space && start < 0) {
                start = i;
            } else if (space && start >= 0) {
                budget.retain(BYTES_OF_TEXT);
                words.add(text.substring(start, i));
                start = -1;
            }
        }
        return words;
    }

    private static String slug(String text, Budget budget) {
        TextBuilder out = new TextBuilder(budget, text.length());
        boolean gap = false;
        boolean begun = false;
        String lower = text.toLowerCase(Locale.ROOT);
        for (int i = 0; i < lower.length(); i = lower.offsetByCodePoints(i, 1)) {
            int point = lower.codePointAt(i);
            if (!Character.isLetterOrDigit(point)) {
                gap = begun;
                continue;
            }
            if (gap) {
                out.add('-');
            }
            out.addPoint(point);
            gap = false;
            begun = true;
        }
        return out.done();
    }

    /** What a short text takes on the heap. */
    private static final int BYTES_OF_TEXT = 48;

    /** Empty texts at the end are dropped; a single space stands for any white space; nothing splits into characters. */
    private static List<Object> split(String text, String separator, Budget budget) {
        if (separator.equals(" ")) {
            return budget.list(new ArrayList<>(words(text, budget)));
        }
        List<Object> parts = new ArrayList<>();
        if (separator.isEmpty()) {
            budget.retain((long) BYTES_OF_TEXT * text.length());
            text.codePoints().forEach(point -> parts.add(Character.toString(point)));
            return budget.list(parts);
        }
        int start = 0;
        for (int at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, start)) {
            budget.retain(BYTES_OF_TEXT);
            parts.add(text.substring(start, at));
            start = at + separator.length();
        }
        parts.add(text.substring(start));
        while (!parts.isEmpty() && parts.get(parts.size() - 1).equals("")) {
            parts.remove(parts.size() - 1);
        }
        return budget.list(parts);
    }

    private static Object pluralized(Object input, Arguments args, FilterContext context) {
        Object count = Numbers.of(input);
        String word = args.text(Numbers.compare(count, 1L) == 0 ? 0 : 1);
        String number = input instanceof Nil ? "0" : Values.text(input);
        return joined(number + " ", word, context);
    }
}
