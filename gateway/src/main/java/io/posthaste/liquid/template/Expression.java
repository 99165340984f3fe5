package io.posthaste.liquid.template;

/** Something with a value. Immutable once its template is made; shared by all threads. */
public interface Expression {
    Object evaluate(Context context);

    /** The value if it is known without any data, for arguments that need not be computed each time. */
    default boolean isConstant() {
        return false;
    }

    /** A literal. */
    record Constant(Object value) implements Expression {
        @Override
        public Object evaluate(Context context) {
            return value;
        }

        @Override
        public boolean isConstant() {
            return true;
        }
    }
}
