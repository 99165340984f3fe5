package io.posthaste.liquid.filter;

import java.util.List;

/**
 * A filter and how it is called.
 *
 * @param least fewest positional arguments
 * @param most most positional arguments
 * @param keywords named arguments, which follow the positional ones in this order
 * @param expression whether the first two arguments are a name and an expression over it, both literals
 */
public record FilterShape(Filter filter, int least, int most, List<String> keywords, boolean expression) {
    static FilterShape of(Filter filter, int least, int most) {
        return new FilterShape(filter, least, most, List.of(), false);
    }

    static FilterShape expression(Filter filter) {
        return new FilterShape(filter, 2, 2, List.of(), true);
    }
}
