package io.posthaste.liquid.template;

import io.posthaste.liquid.value.Members;
import io.posthaste.liquid.value.Nil;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code forloop}: where a loop stands. */
public final class ForLoop implements Members {
    private static final Map<String, Function<ForLoop, Object>> FIELDS = Map.of(
            "index", loop -> loop.index + 1L,
            "index0", loop -> (long) loop.index,
            "rindex", loop -> (long) loop.length - loop.index,
            "rindex0", loop -> loop.length - loop.index - 1L,
            "first", loop -> loop.index == 0,
            "last", loop -> loop.index == loop.length - 1,
            "length", loop -> (long) loop.length,
            "name", loop -> loop.name,
            "parentloop", loop -> loop.parent);

    private final String name;
    private final int length;
    private final Object parent;
    int index;

    ForLoop(String name, int length, Object parent) {
        this.name = name;
        this.length = length;
        this.parent = parent;
    }

    /** How to read what can be asked of a loop by that name, or null. */
    public static @Nullable Function<ForLoop, Object> field(String name) {
        return FIELDS.get(name);
    }

    @Override
    public Object member(String member) {
        Function<ForLoop, Object> field = field(member);
        return field == null ? Nil.MISSING : field.apply(this);
    }

    /** {@code forloop.index} and its like, inside the loop; the field is found when the template is compiled. */
    public record Read(int slot, Function<ForLoop, Object> field) implements Expression {
        @Override
        public Object evaluate(Context context) {
            // The variable of a filter's expression may have that name too.
            return context.locals[slot] instanceof ForLoop loop ? field.apply(loop) : Nil.MISSING;
        }
    }
}
