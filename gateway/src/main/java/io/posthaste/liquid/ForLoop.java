package io.posthaste.liquid;

import io.posthaste.liquid.value.Members;
import io.posthaste.liquid.value.Nil;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code forloop}: where a loop stands. */
final class ForLoop implements Members {
    private final String name;
    private final int length;
    private final Object parent;
    int index;

    ForLoop(String name, int length, Object parent) {
        this.name = name;
        this.length = length;
        this.parent = parent;
    }

    /** What can be asked of it; found when the template is compiled. */
    enum Field {
        INDEX,
        INDEX0,
        RINDEX,
        RINDEX0,
        FIRST,
        LAST,
        LENGTH,
        NAME,
        PARENTLOOP;

        static @Nullable Field of(String name) {
            for (Field field : values()) {
                if (field.name().toLowerCase(Locale.ROOT).equals(name)) {
                    return field;
                }
            }
            return null;
        }
    }

    Object get(Field field) {
        return switch (field) {
            case INDEX -> (long) index + 1;
            case INDEX0 -> (long) index;
            case RINDEX -> (long) length - index;
            case RINDEX0 -> (long) length - index - 1;
            case FIRST -> index == 0;
            case LAST -> index == length - 1;
            case LENGTH -> (long) length;
            case NAME -> name;
            case PARENTLOOP -> parent;
        };
    }

    @Override
    public Object member(String member) {
        Field field = Field.of(member);
        return field == null ? Nil.MISSING : get(field);
    }

    /** {@code forloop.index} and its like, inside the loop. */
    record Read(int slot, Field field) implements Expression {
        @Override
        public Object evaluate(Context context) {
            // The variable of a filter's expression may have that name too.
            return context.locals[slot] instanceof ForLoop loop ? loop.get(field) : Nil.MISSING;
        }
    }
}
