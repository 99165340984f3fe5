package io.posthaste.store.action;

import io.posthaste.json.Problem;
import java.util.List;
import java.util.stream.Collectors;

/** A definition that cannot be used as it is; carries everything that is wrong with it. */
public final class InvalidAction extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient List<Problem> problems;

    public InvalidAction(String id, List<Problem> problems) {
        super("action " + id + " is not valid: "
                + problems.stream().map(p -> p.field() + " " + p.message()).collect(Collectors.joining("; ")));
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }
}
