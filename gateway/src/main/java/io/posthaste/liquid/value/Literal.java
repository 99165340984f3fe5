package io.posthaste.liquid.value;

/** The two words that stand for a whole class of values in comparisons. As text both are empty. */
public enum Literal {
    EMPTY,
    BLANK;

    @Override
    public String toString() {
        return "";
    }
}
