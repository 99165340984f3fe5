package io.posthaste.liquid.value;

/** A value with named parts that are worked out when asked for: {@code forloop}, a namespace behind a function. */
@FunctionalInterface
public interface Members {
    /** The part of that name, {@link Nil#MISSING} if there is none. */
    Object member(String name);
}
