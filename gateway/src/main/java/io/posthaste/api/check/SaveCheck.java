package io.posthaste.api.check;

import io.posthaste.action.Action;
import io.posthaste.job.Header;
import io.posthaste.json.Problem;
import io.posthaste.redact.LiquidPiece;
import io.posthaste.redact.UrlText;
import io.posthaste.send.HeaderRules;
import io.posthaste.send.InvalidUrlException;
import io.posthaste.send.Target;
import io.posthaste.store.action.ActionReading;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything that must be right before an action is stored: its shape, its templates, its address and its headers
 * (M4, M10, M12, M19, M20, M40). What only rendering can tell is checked again before each request.
 */
public final class SaveCheck {
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]+(:\\d{1,5})?|\\[[0-9A-Fa-f:.]+](:\\d{1,5})?");
    private static final Pattern BARE = Pattern.compile("[0-9A-Fa-f.]*:[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*");

    private final TemplateCheck templates;
    private final HeaderRules headers;
    private final Set<Integer> allowPorts;
    private final Function<Action, Optional<String>> bodies;

    /** Finds what is wrong in one Liquid source. */
    @FunctionalInterface
    public interface TemplateCheck {
        /** Problems of {@code source} under the name {@code field}; empty when it parses and all it names is known. */
        List<Problem> check(String field, String source);
    }

    /**
     * @param allowPorts ports that may be dialled though browsers refuse them
     * @param bodies where an action's body stops being the JSON it is called, with made-up data; may take its time
     */
    public SaveCheck(
            TemplateCheck templates,
            HeaderRules headers,
            Set<Integer> allowPorts,
            Function<Action, Optional<String>> bodies) {
        this.templates = templates;
        this.headers = headers;
        this.allowPorts = allowPorts;
        this.bodies = bodies;
    }

    /** Every problem of a definition; a field that could not be read is not looked at again. */
    public List<Problem> problems(ActionReading reading) {
        Set<String> unreadable = reading.problems().stream().map(Problem::field).collect(Collectors.toSet());
        Action action = reading.action();
        List<Problem> found = new ArrayList<>(reading.problems());
        if (!unreadable.contains("url")) {
            found.addAll(url(action.url()));
        }
        found.addAll(headers(action.headers(), unreadable));
        found.addAll(templates.check("body", action.body()));
        for (int i = 0; i < action.responseAttributes().size(); i++) {
            String template = action.responseAttributes().get(i).template();
            String field = "response_attributes[" + i + "].template";
            found.addAll(templates.check(field, template));
            found.addAll(VaultReferences.leaks(field, template));
        }
        return List.copyOf(found);
    }

    /** Every problem of one Liquid source. */
    public List<Problem> template(String field, String source) {
        return templates.check(field, source);
    }

    /** What would fail each delivery, as far as made-up data can tell (M31). Renders, so not for an event loop. */
    public List<Problem> doubts(Action action) {
        return bodies
                .apply(action)
                .map(
                        place -> Problem.of(
                                "body",
                                "with sample data this renders to invalid JSON at " + place + " of the result",
                                "write values as {{ name | to_json }} without quotes; if real data make it JSON, save with ?allow=invalid-json"))
                .stream()
                .toList();
    }

    /**
     * The name of a host, with a port or without, as it is known by everywhere: lower case, an IP address in its one form.
     * Null when it is none.
     *
     * @param written an IPv6 address with brackets, or without where there is no port
     */
    public @Nullable String hostName(String written) {
        String named = BARE.matcher(written).matches() ? "[" + written + "]" : written;
        Matcher parts = HOST.matcher(named);
        if (!parts.matches()) {
            return null;
        }
        try {
            String key = Target.parse("https://" + named + "/", allowPorts).hostKey();
            return parts.group(1) != null || parts.group(2) != null ? key : key.substring(0, key.lastIndexOf(':'));
        } catch (InvalidUrlException invalid) {
            return null;
        }
    }

    /** Problems of an address that is no template; empty when it may be dialled as far as its text tells. */
    public List<Problem> address(String field, String url) {
        try {
            Target.parse(url, allowPorts);
            return List.of();
        } catch (InvalidUrlException invalid) {
            return List.of(Problem.of(field, invalid.problem(), "an address such as https://api.example.com/path"));
        }
    }

    private List<Problem> url(String url) {
        List<Problem> broken = templates.check("url", url);
        if (!broken.isEmpty()) {
            return broken;
        }
        String problem = problemWithUrl(url);
        return problem == null
                ? List.of()
                : List.of(Problem.of("url", problem, "an address such as https://api.example.com/path"));
    }

    /** Judges the literal parts: with Liquid in the host there is nothing to judge yet (M13). */
    private @Nullable String problemWithUrl(String url) {
        UrlText parts = UrlText.cut(url);
        boolean begins = LiquidPiece.of(url).stream()
                .findFirst()
                .map(piece -> piece.kind() != LiquidPiece.Kind.TEXT)
                .orElse(false);
        if (begins || hasLiquid(parts.scheme() + parts.host())) {
            return null;
        }
        try {
            Target.parse(withPlaceholders(url), allowPorts);
            return null;
        } catch (InvalidUrlException invalid) {
            return invalid.problem();
        }
    }

    private List<Problem> headers(List<Header> all, Set<String> unreadable) {
        List<Problem> found = new ArrayList<>();
        // A header that could not be read is left out of the list, and the places of the others with it.
        boolean placed = unreadable.stream().noneMatch(field -> field.startsWith("headers"));
        for (int i = 0; placed && i < all.size(); i++) {
            Header header = all.get(i);
            String field = "headers[" + i + "]";
            addIfAny(found, field + ".name", headers.problemWithName(header.name()), "another name, or no such header");
            List<Problem> broken = templates.check(field + ".value", header.value());
            found.addAll(broken);
            if (broken.isEmpty() && !hasLiquid(header.value())) {
                String problem = headers.problemWithValue(header.name(), header.value());
                addIfAny(found, field + ".value", problem, "printable ASCII, at most 8192 characters");
            }
        }
        if (placed && found.isEmpty()) {
            addIfAny(found, "headers", headers.problemWith(withoutValues(all)), "fewer or other headers");
        }
        return found;
    }

    /** Repeated single headers, too many: what does not depend on the rendered values. */
    private static List<Header> withoutValues(List<Header> all) {
        return all.stream().map(header -> new Header(header.name(), "")).toList();
    }

    private static void addIfAny(List<Problem> found, String field, @Nullable String problem, String fix) {
        if (problem != null) {
            found.add(Problem.of(field, problem, fix));
        }
    }

    private static boolean hasLiquid(String text) {
        return pieces(text).anyMatch(piece -> piece.kind() != LiquidPiece.Kind.TEXT);
    }

    private static String withPlaceholders(String url) {
        return pieces(url)
                .map(piece -> switch (piece.kind()) {
                    case TEXT -> url.substring(piece.start(), piece.end());
                    case OUTPUT -> "x";
                    case TAG -> "";
                })
                .collect(Collectors.joining());
    }

    private static Stream<LiquidPiece> pieces(String text) {
        return LiquidPiece.of(text).stream();
    }
}
