package io.posthaste.liquid.template;

import io.posthaste.liquid.value.Lookup;
import io.posthaste.liquid.value.Nil;
import io.posthaste.liquid.value.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code for … else … endfor}. */
public final class For implements Node {
    /**
     * What the head of a loop says.
     *
     * @param name of the variable and the collection, as {@code forloop.name} gives it
     * @param offset how many items to leave out, or null
     * @param fromLast whether to go on where the last loop over the same stopped
     * @param limit how many items at most, or null
     */
    public record Head(
            String name,
            Expression collection,
            @Nullable Expression offset,
            boolean fromLast,
            @Nullable Expression limit,
            boolean reversed) {}

    /**
     * Where a loop keeps its state.
     *
     * @param parent the slot of the loop around it, or -1
     * @param progress where loops of the same name remember how far they came
     */
    public record Slots(int item, int loop, int parent, int progress) {}

    private final Head head;
    private final Slots slots;
    private final Block body;
    private final Block otherwise;
    private final int at;

    public For(Head head, Slots slots, Block body, Block otherwise, int at) {
        this.head = head;
        this.slots = slots;
        this.body = body;
        this.otherwise = otherwise;
        this.at = at;
        if (isBlank()) {
            clear();
        }
    }

    @Override
    public void render(Context context) {
        context.at = at;
        context.budget.step();
        Object collection = head.collection().evaluate(context);
        List<?> items = items(collection);
        // A text is one item, of which limit and offset leave nothing out.
        boolean whole = collection instanceof String;
        int from = whole ? 0 : Math.clamp(from(context), 0, items.size());
        int to = whole ? items.size() : to(context, from, items.size());
        context.locals[slots.progress()] = (long) to;
        if (from == to) {
            otherwise.render(context);
        } else {
            loop(context, items, from, to);
        }
    }

    private void loop(Context context, List<?> items, int from, int to) {
        Object parent = slots.parent() < 0 ? Nil.MISSING : context.locals[slots.parent()];
        ForLoop loop = new ForLoop(head.name(), to - from, parent);
        context.locals[slots.loop()] = loop;
        for (int i = from; i < to; i++) {
            context.budget.iteration();
            context.locals[slots.item()] = items.get(head.reversed() ? to - 1 - (i - from) : i);
            loop.index = i - from;
            body.render(context);
            boolean stop = context.jump == Context.Jump.BREAK;
            context.jump = Context.Jump.NONE;
            if (stop) {
                return;
            }
        }
    }

    /** What a loop goes over: a list's items, an object's members as pairs, a text as one item. */
    private static List<?> items(Object collection) {
        return switch (collection) {
            case List<?> list -> list;
            case Map<?, ?> map -> {
                List<Object> pairs = new ArrayList<>(map.size());
                map.entrySet().forEach(member -> pairs.add(Lookup.pair(member)));
                yield pairs;
            }
            case String text -> text.isEmpty() ? List.of() : List.of(text);
            default -> List.of();
        };
    }

    private int from(Context context) {
        if (head.fromLast()) {
            return context.locals[slots.progress()] instanceof Long last ? last.intValue() : 0;
        }
        return head.offset() == null ? 0 : count(head.offset(), context, "offset", 0);
    }

    private int to(Context context, int from, int size) {
        int most = head.limit() == null ? size : Math.max(0, count(head.limit(), context, "limit", size));
        return (int) Math.min((long) from + most, size);
    }

    private static int count(Expression expression, Context context, String what, int ifNil) {
        Object value = expression.evaluate(context);
        return value instanceof Nil ? ifNil : Numbers.index(value, "the " + what + " of a for loop");
    }

    @Override
    public boolean isBlank() {
        return body.isBlank() && otherwise.isBlank();
    }

    @Override
    public void clear() {
        body.clear();
        otherwise.clear();
    }
}
