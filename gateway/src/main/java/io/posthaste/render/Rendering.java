package io.posthaste.render;

import io.posthaste.job.RenderedRequest;
import java.util.List;

/** What came of rendering a job's request. */
public sealed interface Rendering {
    /** @param empties variables that were printed as nothing: a namespace this trigger does not have, or {@code on_missing: empty} */
    record Rendered(RenderedRequest request, List<String> empties) implements Rendering {}

    /** Cannot be rendered with this template and these data, now or later (M45). The reason names neither values nor secrets. */
    record Broken(String reason) implements Rendering {}

    /**
     * The templates read a person whom the data only name (by {@code customer_id}): to be rendered again with them.
     *
     * @param id of the person
     */
    record NeedsPerson(String id) implements Rendering {}

    /** The template decided not to send (P1). */
    record Aborted(String reason) implements Rendering {}
}
