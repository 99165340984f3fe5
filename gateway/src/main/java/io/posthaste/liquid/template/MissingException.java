package io.posthaste.liquid.template;

/** An output whose variable has no value, in a render where that is a failure (M42). */
final class MissingException extends RuntimeException {
    private final String name;

    MissingException(String name) {
        super(name, null, false, false);
        this.name = name;
    }

    String name() {
        return name;
    }
}
