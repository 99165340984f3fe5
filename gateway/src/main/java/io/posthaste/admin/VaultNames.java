package io.posthaste.admin;

import io.posthaste.admin.ApiProblem.Kind;
import io.posthaste.store.Problem;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** What secrets and snippets have in common: names that templates can write after a dot, and room for so many. */
final class VaultNames {
    private static final Predicate<String> NAME =
            Pattern.compile("[A-Za-z_][A-Za-z0-9_-]{0,63}").asMatchPredicate();

    private VaultNames() {}

    /** The name, or an {@link ApiProblem} when templates could not use it. */
    static String checked(String name) {
        if (!NAME.test(name)) {
            throw ApiProblem.invalid(List.of(Problem.of(
                    "name",
                    "is '" + name + "'",
                    "a letter or _, then letters, digits, _ and -, so that {{ secrets.NAME }} can be written")));
        }
        return name;
    }

    static ApiProblem full() {
        return new ApiProblem(Kind.CONFLICT, "there is no room: at most 1000 of them, 5 MiB in all; delete some first");
    }

    /** 201 for what is new. */
    static int status(long createdAtMillis, long updatedAtMillis) {
        return createdAtMillis == updatedAtMillis ? 201 : 200;
    }
}
