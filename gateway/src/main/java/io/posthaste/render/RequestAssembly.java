package io.posthaste.render;

import io.posthaste.action.Action;
import io.posthaste.job.Header;
import io.posthaste.job.RenderedRequest;
import io.posthaste.liquid.template.PrintedValues;
import io.posthaste.liquid.template.RenderResult;
import io.posthaste.liquid.template.Scope;
import io.posthaste.liquid.template.Template;
import io.posthaste.liquid.value.JsonCursor;
import io.posthaste.liquid.value.JsonException;
import io.posthaste.liquid.value.JsonReader;
import io.posthaste.liquid.value.Utf8Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts one request together from its templates; the first part that does not render ends it. */
final class RequestAssembly {
    private static final int MAX_LINE_BYTES = 8 << 10;

    private final Action action;
    private final List<Template> templates;
    private final Scope scope;
    private final Utf8Buffer buffer;
    private final int maxBodyBytes;
    private @Nullable Rendering failure;
    private boolean limited;
    private boolean hostIsLiteral = true;
    private final @Nullable Set<String> outputs;

    /** @param outputs takes what every output printed; null when nobody wants to know */
    RequestAssembly(
            Action action,
            List<Template> templates,
            Scope scope,
            Utf8Buffer buffer,
            int maxBodyBytes,
            @Nullable Set<String> outputs) {
        this.action = action;
        this.templates = templates;
        this.scope = scope;
        this.buffer = buffer;
        this.maxBodyBytes = maxBodyBytes;
        this.outputs = outputs;
    }

    /** Whether a limit was what ended it. */
    boolean isLimited() {
        return limited;
    }

    /** Whether the URL's template writes the host out. */
    boolean isHostLiteral() {
        return hostIsLiteral;
    }

    Rendering render() {
        String url = url(templates.get(0));
        List<Header> headers = new ArrayList<>(action.headers().size());
        for (int i = 0; i < action.headers().size() && failure == null; i++) {
            String name = action.headers().get(i).name();
            headers.add(new Header(name, line(templates.get(i + 1), name)));
        }
        byte[] body = failure == null ? body(headers) : new byte[0];
        return failure != null
                ? failure
                : new Rendering.Rendered(new RenderedRequest(action.method(), url, headers, body), scope.empties());
    }

    /** Values may fill the parts of the URL, and not change which parts it has. */
    private String url(Template template) {
        String plain = template.plainText();
        if (plain != null) {
            return plain;
        }
        PrintedValues printed = new PrintedValues();
        buffer.reset(MAX_LINE_BYTES, "bytes in url");
        String url = succeeded(template, "url", printed) ? buffer.toString() : "";
        if (failure == null && !printed.values().isEmpty()) {
            UrlStructure.Breach breach = UrlStructure.breach(buffer.array(), buffer.length(), printed.values());
            failure = breach == null ? null : new Rendering.Broken(reason(template, breach));
            hostIsLiteral = UrlStructure.isHostLiteral(buffer.array(), buffer.length(), printed.values());
        }
        return url;
    }

    private static String reason(Template template, UrlStructure.Breach breach) {
        return "url: the value of " + template.output(breach.value().at()) + " brings '" + breach.character()
                + "' into the " + breach.part() + " and would change where the request goes; encode it with url_encode";
    }

    private String line(Template template, String place) {
        String plain = template.plainText();
        if (plain != null) {
            return plain;
        }
        buffer.reset(MAX_LINE_BYTES, "bytes in " + place);
        return succeeded(template, place) ? buffer.toString() : "";
    }

    private byte[] body(List<Header> headers) {
        buffer.reset(maxBodyBytes, "bytes in body");
        if (!succeeded(templates.get(templates.size() - 1), "body")) {
            return new byte[0];
        }
        if (buffer.length() > 0 && isJson(headers)) {
            lint();
        }
        return buffer.toByteArray();
    }

    static boolean isJson(List<Header> headers) {
        for (Header header : headers) {
            if (header.name().equalsIgnoreCase("Content-Type")) {
                String type = header.value().split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
                return type.endsWith("/json") || type.endsWith("+json");
            }
        }
        return false;
    }

    /** An action that says JSON and sends something else is stopped here (M31). */
    private void lint() {
        try {
            JsonCursor.check(buffer.array(), buffer.length());
        } catch (JsonException e) {
            String place = JsonReader.place(buffer.array(), Math.min(e.offset(), buffer.length()));
            failure = new Rendering.Broken("body is not valid JSON at " + place);
        }
    }

    private boolean succeeded(Template template, String place) {
        return outputs == null ? renders(template, place) : succeeded(template, place, new PrintedValues());
    }

    private boolean succeeded(Template template, String place, PrintedValues printed) {
        scope.watch(printed);
        boolean succeeded = renders(template, place);
        scope.watch(null);
        if (outputs != null) {
            printed.values().forEach(value -> outputs.add(text(value)));
        }
        return succeeded;
    }

    private String text(PrintedValues.Value value) {
        return new String(buffer.array(), value.start(), value.end() - value.start(), StandardCharsets.UTF_8);
    }

    private boolean renders(Template template, String place) {
        failure = switch (template.render(scope, buffer)) {
            case RenderResult.Rendered rendered -> null;
            case RenderResult.Value value -> throw new IllegalStateException("a value instead of a text");
            case RenderResult.MissingVariable missing ->
                new Rendering.Broken("Variable '" + missing.name() + "' is missing");
            case RenderResult.Failed failed -> broken(place, failed.line(), failed.column(), failed.reason());
            case RenderResult.LimitExceeded limit -> {
                limited = true;
                yield broken(place, limit.line(), limit.column(), limit.reason());
            }
            case RenderResult.Aborted aborted -> new Rendering.Aborted(aborted.reason());
        };
        return failure == null;
    }

    private static Rendering broken(String place, int line, int column, String reason) {
        return new Rendering.Broken(place + ", line " + line + ", column " + column + ": " + reason);
    }
}
