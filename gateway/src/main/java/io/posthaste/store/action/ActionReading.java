package io.posthaste.store.action;

import io.posthaste.action.Action;
import io.posthaste.json.Problem;
import java.util.List;
import java.util.stream.Stream;

/**
 * What could be made of a definition.
 *
 * @param action as written, with defaults in place of what could not be read; of use only when there are no problems,
 *     or for looking for more of them
 * @param problems everything that prevents its use
 * @param warnings what was changed or should be looked at
 */
public record ActionReading(Action action, List<Problem> problems, List<Problem> warnings) {

    /** With more to look at. */
    public ActionReading with(List<Problem> moreWarnings) {
        List<Problem> all =
                Stream.concat(warnings.stream(), moreWarnings.stream()).toList();
        return new ActionReading(action, problems, all);
    }

    /** The action, or {@link InvalidAction} with every problem. */
    public Action valid() {
        if (!problems.isEmpty()) {
            throw new InvalidAction(action.id(), problems);
        }
        return action;
    }
}
