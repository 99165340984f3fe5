package io.posthaste.render;

import io.posthaste.action.Action;
import io.posthaste.job.Header;
import io.posthaste.liquid.Liquid;
import io.posthaste.liquid.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is wrong, or only unwise, in an action's templates: asked when it is saved (M32, M39, M40, M41). Thread-safe. */
public final class TemplateChecks {
    private static final Pattern OUTPUT = Pattern.compile("\\{\\{-?([^{}]*)}}");
    private static final Pattern ENCODED = Pattern.compile("\\|\\s*(url_encode|cgi_escape)\\b");
    private static final Pattern WHOLE = Pattern.compile("\\s*(customer|event|trigger|journey)\\s*(\\|.*)?");

    private final Liquid liquid;

    /**
     * One problem and where in the action it is.
     *
     * @param field {@code url}, {@code headers[0].value}, {@code body}
     */
    public record Finding(String field, Problem problem) {}

    public TemplateChecks(Liquid liquid) {
        this.liquid = liquid;
    }

    /** Every problem of one template; empty if it may be saved. */
    public List<Problem> check(String source) {
        return liquid.check(source);
    }

    /** Every problem of every template of an action; empty if it may be saved. */
    public List<Finding> check(Action action) {
        List<Finding> findings = new ArrayList<>();
        add(findings, "url", liquid.check(action.url()));
        for (int i = 0; i < action.headers().size(); i++) {
            add(
                    findings,
                    "headers[" + i + "].value",
                    liquid.check(action.headers().get(i).value()));
        }
        add(findings, "body", liquid.check(action.body()));
        for (int i = 0; i < action.responseAttributes().size(); i++) {
            String template = action.responseAttributes().get(i).template();
            add(findings, "response_attributes[" + i + "].template", liquid.check(template));
        }
        return findings;
    }

    /** What is allowed and probably not meant: data that can break the body, or more data than anyone asked for. */
    public List<Finding> warnings(Action action) {
        String body = action.body();
        String type = contentType(action);
        List<Problem> problems = new ArrayList<>();
        Matcher output = OUTPUT.matcher(body);
        while (output.find()) {
            String expression = output.group(1);
            if (type.endsWith("x-www-form-urlencoded")
                    && !ENCODED.matcher(expression).find()) {
                problems.add(warning(
                        body, output.start(), "data that contain & = + or % break a form body", "add | url_encode"));
            }
            if (type.endsWith("json") && isQuoted(body, output) && !isJsonSafe(expression)) {
                problems.add(warning(
                        body,
                        output.start(),
                        "data that contain a quote break the JSON body",
                        "write {{" + expression.stripTrailing() + " | to_json }} without the quotes"));
            }
            if (WHOLE.matcher(expression).matches()) {
                problems.add(warning(
                        body,
                        output.start(),
                        "sends every attribute, also those added later",
                        "name the fields that are needed"));
            }
        }
        List<Finding> findings = new ArrayList<>();
        add(findings, "body", problems);
        return findings;
    }

    private static Problem warning(String text, int at, String message, String fix) {
        int lineStart = at == 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1;
        int line = (int) text.substring(0, at).chars().filter(c -> c == '\n').count() + 1;
        int lineEnd = text.indexOf('\n', at);
        String excerpt = text.substring(at, lineEnd < 0 ? text.length() : lineEnd);
        return new Problem(line, text.codePointCount(lineStart, at) + 1, excerpt, message, fix);
    }

    private static boolean isQuoted(String body, Matcher output) {
        return output.start() > 0 && body.charAt(output.start() - 1) == '"';
    }

    private static boolean isJsonSafe(String expression) {
        return expression.contains("json") || expression.contains("date") || expression.contains("delivery");
    }

    private static String contentType(Action action) {
        for (Header header : action.headers()) {
            if (header.name().equalsIgnoreCase("Content-Type")) {
                return header.value().split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
            }
        }
        return "";
    }

    private static void add(List<Finding> findings, String field, List<Problem> problems) {
        problems.forEach(problem -> findings.add(new Finding(field, problem)));
    }
}
