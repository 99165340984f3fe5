package io.posthaste.liquid.filter;

import io.posthaste.liquid.value.Budget;
import io.posthaste.liquid.value.Literal;
import io.posthaste.liquid.value.Lookup;
import io.posthaste.liquid.value.Nil;
import io.posthaste.liquid.value.Numbers;
import io.posthaste.liquid.value.Range;
import io.posthaste.liquid.value.RenderException;
import io.posthaste.liquid.value.Values;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Filters on a list as a whole: parts of it, more of it, in another order, as text. All return a new list. */
final class ListFilters {
    private ListFilters() {}

    static void register(Map<String, FilterShape> to) {
        to.put("first", FilterShape.of((in, args, context) -> Lookup.member(in, "first"), 0, 0));
        to.put("last", FilterShape.of((in, args, context) -> Lookup.member(in, "last"), 0, 0));
        to.put("size", FilterShape.of((in, args, context) -> size(in), 0, 0));
        to.put("slice", FilterShape.of(ListFilters::slice, 1, 2));
        to.put("limit", FilterShape.of((in, args, context) -> limited(in, args, context.budget()), 1, 1));
        to.put("join", FilterShape.of(ListFilters::joined, 0, 1));
        to.put("concat", FilterShape.of(ListFilters::concatenated, 1, 1));
        to.put("reverse", FilterShape.of((in, args, context) -> reversed(in, context.budget()), 0, 0));
        to.put("push", FilterShape.of((in, args, context) -> inserted(in, -1, args.at(0), context.budget()), 1, 1));
        to.put("unshift", FilterShape.of((in, args, context) -> inserted(in, 0, args.at(0), context.budget()), 1, 1));
        to.put("pop", FilterShape.of((in, args, context) -> shortened(in, false, context.budget()), 0, 0));
        to.put("shift", FilterShape.of((in, args, context) -> shortened(in, true, context.budget()), 0, 0));
        to.put("array_to_sentence_string", FilterShape.of(ListFilters::sentence, 0, 1));
    }

    private static Object size(Object input) {
        Object size = Lookup.member(input, "size");
        // A stored member of that name is not the number of members.
        return input instanceof Map<?, ?> map ? (Object) (long) map.size() : size instanceof Nil ? (Object) 0L : size;
    }

    private static Object slice(Object input, Arguments args, FilterContext context) {
        int offset = args.index(0, 0, "the start of slice");
        int length = args.at(1) instanceof Nil ? 1 : args.index(1, 1, "the length of slice");
        if (input instanceof List<?> list && !(input instanceof Range)) {
            int start = start(offset, list.size());
            return start < 0 || length < 0
                    ? List.of()
                    : new ArrayList<>(context.budget().list(list.subList(start, end(start, length, list.size()))));
        }
        String text = Values.text(input);
        int size = text.codePointCount(0, text.length());
        int start = start(offset, size);
        if (start < 0 || length < 0) {
            return "";
        }
        int from = text.offsetByCodePoints(0, start);
        return text.substring(from, text.offsetByCodePoints(from, end(start, length, size) - start));
    }

    private static int start(int offset, int size) {
        int start = offset < 0 ? size + offset : offset;
        return start > size ? -1 : start;
    }

    private static int end(int start, int length, int size) {
        return (int) Math.min((long) start + length, size);
    }

    private static Object limited(Object input, Arguments args, Budget budget) {
        List<Object> items = Values.list(input);
        int most = Numbers.index(args.at(0), "the argument of limit");
        return new ArrayList<>(budget.list(items.subList(0, Math.clamp(most, 0, items.size()))));
    }

    private static Object joined(Object input, Arguments args, FilterContext context) {
        String glue = args.text(0, " ");
        TextBuilder out = new TextBuilder(context.budget(), 64);
        boolean first = true;
        for (Object item : Values.flat(input, context.budget())) {
            if (!first) {
                out.add(glue);
            }
            out.add(Values.text(item));
            first = false;
        }
        return out.done();
    }

    private static Object concatenated(Object input, Arguments args, FilterContext context) {
        if (!(args.at(0) instanceof List<?> more) || more instanceof Range) {
            throw new RenderException("concat needs a list, not " + Values.describe(args.at(0)));
        }
        List<Object> items = Values.flat(input, context.budget());
        context.budget().length((long) items.size() + more.size());
        List<Object> all = new ArrayList<>(items);
        all.addAll(more);
        return all;
    }

    private static Object reversed(Object input, Budget budget) {
        List<Object> items = new ArrayList<>(budget.list(Values.flat(input, budget)));
        Collections.reverse(items);
        return items;
    }

    private static Object inserted(Object input, int position, Object item, Budget budget) {
        List<Object> items = new ArrayList<>(budget.list(Values.list(input)));
        items.add(position < 0 ? items.size() : position, item);
        return items;
    }

    private static Object shortened(Object input, boolean atStart, Budget budget) {
        List<Object> items = Values.list(input);
        if (items.isEmpty()) {
            return items;
        }
        budget.list(items);
        return new ArrayList<>(atStart ? items.subList(1, items.size()) : items.subList(0, items.size() - 1));
    }

    private static Object sentence(Object input, Arguments args, FilterContext context) {
        List<Object> items = Values.list(input instanceof Literal ? Nil.NULL : input);
        String connector = args.text(0, "and");
        TextBuilder out = new TextBuilder(context.budget(), 64);
        for (int i = 0; i < items.size(); i++) {
            boolean last = i > 0 && i == items.size() - 1;
            out.add(i == 0 || (last && items.size() == 2) ? "" : ", ".substring(0, last ? 1 : 2));
            if (last) {
                out.add(" ").add(connector).add(" ");
            }
            out.add(Values.text(items.get(i)));
        }
        return out.done();
    }
}
