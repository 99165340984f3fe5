package io.posthaste.render;

import io.posthaste.liquid.Dialect;
import io.posthaste.liquid.filter.Filter;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What webhook templates are, beyond plain Liquid: which names mean what, which tags belong to other channels (M46, B1). */
public final class WebhookDialect {
    /** Names that hold what the job's data hold, or nothing for another kind of trigger (M43, M46). */
    static final Set<String> NAMESPACES = Set.of(
            "customer",
            "event",
            "trigger",
            "journey",
            "objects",
            "campaign",
            "message",
            "event_name",
            "event_id",
            "event_timestamp",
            "layout",
            "content");

    /** Names whose values come from the gateway. */
    static final Set<String> PROVIDED = Set.of("secrets", "snippets", "delivery", "delivery_id");

    /** Names that a job's data must not use, because they mean something else. */
    static final Set<String> RESERVED = Set.of("response", "http", "secrets", "snippets", "delivery");

    private static final String OTHER_CHANNEL = "not available in webhooks";
    private static final Map<String, String> REFUSED_TAGS = Map.ofEntries(
            Map.entry("cio_link", OTHER_CHANNEL),
            Map.entry("cio_link_id", OTHER_CHANNEL),
            Map.entry("view_in_browser_url", OTHER_CHANNEL),
            Map.entry("unsubscribe", OTHER_CHANNEL),
            Map.entry("unsubscribe_url", OTHER_CHANNEL),
            Map.entry("manage_subscription_preferences_url", OTHER_CHANNEL),
            Map.entry("tracking_consent_url", OTHER_CHANNEL),
            Map.entry("subscription_topic_name", OTHER_CHANNEL),
            Map.entry("countdown", OTHER_CHANNEL),
            Map.entry("connected_content", "not available; take the value into the job's data"),
            Map.entry(
                    "render_liquid", "not available, because data could bring templates along; use {{snippets.name}}"));

    /** What the templates of response attributes see beyond the others: the answer, and the person as stored by then. */
    private static final Set<String> OF_ANSWERS = Set.of("response", "http", "customer");

    private WebhookDialect() {}

    /** The dialect of response attributes (M68 to M70). */
    public static Dialect ofAnswers(Map<String, Filter> filters) {
        Set<String> provided = new HashSet<>(PROVIDED);
        provided.addAll(OF_ANSWERS);
        Set<String> namespaces = new HashSet<>(NAMESPACES);
        namespaces.removeAll(OF_ANSWERS);
        return new Dialect(Set.copyOf(namespaces), Set.copyOf(provided), RESERVED, REFUSED_TAGS, filters);
    }

    /** @param filters filters beside the built-in ones, by name */
    public static Dialect with(Map<String, Filter> filters) {
        return new Dialect(NAMESPACES, PROVIDED, RESERVED, REFUSED_TAGS, filters);
    }
}
