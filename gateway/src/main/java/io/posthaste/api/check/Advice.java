package io.posthaste.api.check;

import io.posthaste.action.Action;
import io.posthaste.action.SecretUse;
import io.posthaste.job.Header;
import io.posthaste.json.Problem;
import io.posthaste.redact.LiquidPiece;
import io.posthaste.redact.LiquidPiece.Kind;
import io.posthaste.redact.UrlText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What is allowed in an action but worth a second look: the warnings of an answer. A pure function of the action. */
public final class Advice {
    private static final Pattern WHOLE_PERSON = Pattern.compile("customer\\s*(\\|.*)?", Pattern.DOTALL);

    /** Outputs that cannot break a JSON string: encodings, digests and numbers. */
    private static final Pattern SAFE_IN_STRING = filters(
            "to_json|json|url_encode|url_param_escape|cgi_escape|base64|base64_encode|base64_url_safe_encode|md5|sha1|"
                    + "sha256|hmac_sha1|hmac_sha256|size|round|floor|ceil|plus|minus|times|divided_by|modulo|abs|date");

    private static final Pattern SAFE_IN_FORM = filters("url_encode|cgi_escape|url_param_escape");

    private Advice() {}

    public static List<Problem> on(Action action) {
        List<Problem> warnings = new ArrayList<>();
        onUrl(action, warnings);
        onWholePerson("url", action.url(), warnings);
        onWholePerson("body", action.body(), warnings);
        String type = contentType(action);
        if (action.escape() == Action.Escaping.JSON) {
            onEscape(type, warnings);
        } else if (type.contains("json")) {
            onJsonStrings(action.body(), warnings);
        } else if (type.contains("x-www-form-urlencoded")) {
            onForm(action.body(), warnings);
        }
        return List.copyOf(warnings);
    }

    private static void onEscape(String type, List<Problem> warnings) {
        if (!type.contains("json")) {
            warnings.add(Problem.of(
                    "escape",
                    "the body is escaped as JSON, and its Content-Type says something else",
                    "set Content-Type to application/json, or escape to none"));
        }
    }

    private static void onUrl(Action action, List<Problem> warnings) {
        UrlText url = UrlText.cut(action.url());
        boolean authorization = action.headers().stream().anyMatch(h -> h.name().equalsIgnoreCase("authorization"));
        if (authorization && !url.userinfo().isEmpty()) {
            warnings.add(Problem.of(
                    "url",
                    "the Authorization header is sent, the user and password here are not",
                    "keep one of the two"));
        }
        if (url.scheme().isEmpty() || url.host().contains("{{") || url.host().contains("{%")) {
            warnings.add(Problem.of(
                    "url", "data decides where the request goes", "write scheme, host and port out where you can"));
            onSecrets(action, warnings);
        } else if (url.scheme().equalsIgnoreCase("http://")) {
            warnings.add(Problem.of("url", "http is not encrypted", "use https"));
        }
    }

    /** Secrets go to hosts that somebody wrote down: with none, each delivery fails. */
    private static void onSecrets(Action action, List<Problem> warnings) {
        boolean named =
                action.secrets() instanceof SecretUse.ToHosts to && !to.hosts().isEmpty();
        boolean used = Stream.concat(
                        Stream.of(action.url(), action.body()),
                        action.headers().stream().map(Header::value))
                .anyMatch(source -> source.contains("secrets"));
        if (used && !named) {
            warnings.add(Problem.of(
                    "secret_hosts",
                    "data decides the host, and secrets go to no host that is not named",
                    "name the hosts, such as *.example.com"));
        }
    }

    /** Attributes added later would be sent too (M39). */
    private static void onWholePerson(String field, String source, List<Problem> warnings) {
        for (LiquidPiece piece : LiquidPiece.of(source)) {
            if (piece.kind() == Kind.OUTPUT
                    && WHOLE_PERSON.matcher(piece.expression(source)).matches()) {
                warnings.add(at(
                        field,
                        source,
                        piece,
                        "sends every attribute of the person, those added later included",
                        "name the attributes, each with to_json"));
            }
        }
    }

    /** A quote or line break in the data would end the string or break the document (TPL-10). */
    private static void onJsonStrings(String body, List<Problem> warnings) {
        boolean inString = false;
        for (LiquidPiece piece : LiquidPiece.of(body)) {
            if (piece.kind() == Kind.TEXT) {
                inString = inStringAfter(body, piece, inString);
            } else if (inString && piece.kind() == Kind.OUTPUT && !isSafe(SAFE_IN_STRING, body, piece)) {
                warnings.add(at(
                        "body",
                        body,
                        piece,
                        "a quote, backslash or line break in the data breaks this JSON string",
                        "leave out the quotes around it and end with | to_json, or set escape to json"));
            }
        }
    }

    private static boolean inStringAfter(String body, LiquidPiece text, boolean before) {
        boolean inString = before;
        for (int i = text.start(); i < text.end(); i++) {
            if (inString && body.charAt(i) == '\\') {
                i++;
            } else if (body.charAt(i) == '"') {
                inString = !inString;
            }
        }
        return inString;
    }

    /** {@code + & = %} in the data mean something else in a form (M32). */
    private static void onForm(String body, List<Problem> warnings) {
        for (LiquidPiece piece : LiquidPiece.of(body)) {
            if (piece.kind() == Kind.OUTPUT && !isSafe(SAFE_IN_FORM, body, piece)) {
                warnings.add(at("body", body, piece, "is not encoded for a form body", "end it with | url_encode"));
            }
        }
    }

    private static boolean isSafe(Pattern lastFilter, String source, LiquidPiece piece) {
        return lastFilter.matcher(piece.expression(source)).find();
    }

    /** Matches an expression whose last filter is one of these. */
    private static Pattern filters(String names) {
        return Pattern.compile("\\|\\s*(" + names + ")\\s*(:[^|]*)?$");
    }

    private static String contentType(Action action) {
        return action.headers().stream()
                .filter(header -> header.name().equalsIgnoreCase("content-type"))
                .map(Header::value)
                .findFirst()
                .orElse("")
                .toLowerCase(Locale.ROOT);
    }

    private static Problem at(String field, String source, LiquidPiece piece, String message, String fix) {
        return Problem.in(field, source, piece.start(), message, fix);
    }
}
