package io.posthaste.liquid;

import io.posthaste.liquid.value.Values;

/** What {@code if}, {@code unless} and the expression filters ask. */
final class Conditions {
    private Conditions() {}

    enum Operator {
        EQUAL,
        NOT_EQUAL,
        LESS,
        LESS_OR_EQUAL,
        GREATER,
        GREATER_OR_EQUAL,
        CONTAINS
    }

    record Comparison(Expression left, Operator operator, Expression right) implements Expression {
        @Override
        public Object evaluate(Context context) {
            context.budget.step();
            Object a = left.evaluate(context);
            Object b = right.evaluate(context);
            return switch (operator) {
                case EQUAL -> Values.equal(a, b, context.budget);
                case NOT_EQUAL -> !Values.equal(a, b, context.budget);
                case CONTAINS -> Values.contains(a, b, context.budget);
                case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> holds(Values.order(a, b));
            };
        }

        /** False where there is no order between the two. */
        private boolean holds(@org.jspecify.annotations.Nullable Integer order) {
            return order != null
                    && switch (operator) {
                        case LESS -> order < 0;
                        case LESS_OR_EQUAL -> order <= 0;
                        case GREATER -> order > 0;
                        case GREATER_OR_EQUAL -> order >= 0;
                        case EQUAL, NOT_EQUAL, CONTAINS -> false;
                    };
        }
    }

    record And(Expression left, Expression right) implements Expression {
        @Override
        public Object evaluate(Context context) {
            return Values.isTrue(left.evaluate(context)) && Values.isTrue(right.evaluate(context));
        }
    }

    record Or(Expression left, Expression right) implements Expression {
        @Override
        public Object evaluate(Context context) {
            return Values.isTrue(left.evaluate(context)) || Values.isTrue(right.evaluate(context));
        }
    }
}
