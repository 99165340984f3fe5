package io.posthaste.liquid.template;

import io.posthaste.liquid.value.Values;
import java.util.List;
import java.util.stream.Stream;

/** {@code if}, {@code unless} and {@code case}. */
public final class Branches {
    private Branches() {}

    /** A condition and what renders if it holds. */
    public record Branch(Expression condition, Block body) {}

    /** The first branch that holds, and no other. */
    public static final class If implements Node {
        private final Branch[] branches;
        private final int at;

        public If(List<Branch> branches, int at) {
            this.branches = branches.toArray(Branch[]::new);
            this.at = at;
            if (isBlank()) {
                clear();
            }
        }

        @Override
        public void render(Context context) {
            context.at = at;
            context.budget.step();
            for (Branch branch : branches) {
                if (Values.isTrue(branch.condition().evaluate(context))) {
                    branch.body().render(context);
                    return;
                }
            }
        }

        @Override
        public boolean isBlank() {
            return Stream.of(branches).allMatch(branch -> branch.body().isBlank());
        }

        @Override
        public void clear() {
            Stream.of(branches).forEach(branch -> branch.body().clear());
        }
    }

    public record Not(Expression condition) implements Expression {
        @Override
        public Object evaluate(Context context) {
            return !Values.isTrue(condition.evaluate(context));
        }
    }

    /**
     * A branch of {@code case}.
     *
     * @param values what the subject may equal, each of which renders the body once; none for {@code else}
     */
    public record When(List<Expression> values, Block body) {}

    /** Every value that equals the subject renders its body; {@code else} renders if none before it did. */
    public record Case(Expression subject, List<When> branches, int at) implements Node {
        public Case {
            if (branches.stream().allMatch(branch -> branch.body().isBlank())) {
                branches.forEach(branch -> branch.body().clear());
            }
        }

        @Override
        public void render(Context context) {
            context.at = at;
            context.budget.step();
            Object value = subject.evaluate(context);
            boolean matched = false;
            for (When branch : branches) {
                if (branch.values().isEmpty() && !matched) {
                    branch.body().render(context);
                }
                for (Expression candidate : branch.values()) {
                    if (Values.equal(value, candidate.evaluate(context), context.budget)) {
                        matched = true;
                        branch.body().render(context);
                    }
                }
            }
        }

        @Override
        public boolean isBlank() {
            return branches.stream().allMatch(branch -> branch.body().isBlank());
        }

        @Override
        public void clear() {
            branches.forEach(branch -> branch.body().clear());
        }
    }
}
