package io.posthaste.liquid;

import io.posthaste.liquid.value.Members;
import io.posthaste.liquid.value.Nil;

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

    @Override
    public Object member(String member) {
        return switch (member) {
            case "index" -> (long) index + 1;
            case "index0" -> (long) index;
            case "rindex" -> (long) length - index;
            case "rindex0" -> (long) length - index - 1;
            case "first" -> index == 0;
            case "last" -> index == length - 1;
            case "length" -> (long) length;
            case "name" -> name;
            case "parentloop" -> parent;
            default -> Nil.MISSING;
        };
    }
}
