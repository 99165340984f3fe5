package io.posthaste.liquid.template;

import io.posthaste.liquid.value.Values;
import java.util.List;

/** What {@code if}, {@code unless} and the expression filters ask. */
public final class Conditions {
    private Conditions() {}

    public enum Operator {
        EQUAL,
        NOT_EQUAL,
        LESS,
        LESS_OR_EQUAL,
        GREATER,
        GREATER_OR_EQUAL,
        CONTAINS
    }

    public record Comparison(Expression left, Operator operator, Expression right) implements Expression {
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

    /**
     * Conditions joined by {@code and} and {@code or}, which group from the right: one that decides ends it, the rest is
     * not looked at.
     *
     * @param ors whether what joins an operand to the next is {@code or}
     */
    public record Chain(Expression[] operands, boolean[] ors) implements Expression {
        public static Chain of(List<Expression> operands, List<Boolean> ors) {
            boolean[] joins = new boolean[ors.size()];
            for (int i = 0; i < joins.length; i++) {
                joins[i] = ors.get(i);
            }
            return new Chain(operands.toArray(Expression[]::new), joins);
        }

        @Override
        public Object evaluate(Context context) {
            for (int i = 0; i < ors.length; i++) {
                boolean holds = Values.isTrue(operands[i].evaluate(context));
                if (holds == ors[i]) {
                    return holds;
                }
            }
            return Values.isTrue(operands[ors.length].evaluate(context));
        }
    }
}
