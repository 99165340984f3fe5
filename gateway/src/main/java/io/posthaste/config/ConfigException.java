package io.posthaste.config;

import java.util.List;

/** The configuration cannot be used: everything that is wrong with it, each with key, value and what is allowed. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient List<String> problems;

    /** @param problems one line each, naming the key, the value and what is allowed */
    public ConfigException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    /** One line for each mistake, in the order of the settings; never a secret. */
    public List<String> problems() {
        return problems;
    }
}
