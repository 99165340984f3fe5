package io.posthaste.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.job.Header;
import io.posthaste.job.SecretValues;
import io.posthaste.json.Problem;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** A call that is answered with a problem document (RFC 9457): the caller's mistake, or a state that does not allow it. */
public final class ApiProblem extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Kind kind;
    private final String detail;
    private final transient List<Problem> errors;
    private final transient List<Header> headers;

    /** Every problem this API knows: the last part of its type is stable, for programs to decide on. */
    public enum Kind {
        BAD_REQUEST(400, "Bad request"),
        MALFORMED_JSON(400, "Malformed JSON"),
        UNAUTHORIZED(401, "Unauthorized"),
        FORBIDDEN(403, "Forbidden"),
        NOT_FOUND(404, "Not found"),
        METHOD_NOT_ALLOWED(405, "Method not allowed"),
        REQUEST_TIMEOUT(408, "Request timeout"),
        CONFLICT(409, "Conflict"),
        BODY_TOO_LARGE(413, "Body too large"),
        MISDIRECTED_REQUEST(421, "Misdirected request"),
        INVALID_INPUT(422, "Invalid input"),
        TOO_MANY_REQUESTS(429, "Too many requests"),
        INTERNAL_ERROR(500, "Internal error"),
        UNAVAILABLE(503, "Unavailable");

        private final int status;
        private final String title;

        Kind(int status, String title) {
            this.status = status;
            this.title = title;
        }

        String type() {
            return "urn:posthaste:problem:" + name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private ApiProblem(Kind kind, String detail, List<Problem> errors, List<Header> headers) {
        // No stack trace: it tells nothing about the caller's mistake.
        super(detail, null, false, false);
        this.kind = kind;
        this.detail = detail;
        this.errors = List.copyOf(errors);
        this.headers = List.copyOf(headers);
    }

    public ApiProblem(Kind kind, String detail) {
        this(kind, detail, List.of(), List.of());
    }

    public static ApiProblem notFound(String what) {
        return new ApiProblem(Kind.NOT_FOUND, what + " does not exist");
    }

    /** Input that is understood and wrong; lists everything that is. */
    public static ApiProblem invalid(List<Problem> errors) {
        String detail = errors.size() == 1 ? "1 problem was found" : errors.size() + " problems were found";
        return new ApiProblem(Kind.INVALID_INPUT, detail, errors, List.of());
    }

    /** Tells everything that is wrong with the input, if anything is. */
    public static void throwIfAny(List<Problem> problems) {
        if (!problems.isEmpty()) {
            throw invalid(problems);
        }
    }

    public static ApiProblem malformed(Problem problem) {
        return new ApiProblem(Kind.MALFORMED_JSON, problem.message(), List.of(problem), List.of());
    }

    /** The same, for lines that were taken one after another until this one. */
    public ApiProblem after(int taken) {
        return new ApiProblem(kind, detail + "; jobs taken from the lines before: " + taken, errors, headers);
    }

    public ApiProblem with(String name, String value) {
        return new ApiProblem(kind, detail, errors, List.of(new Header(name, value)));
    }

    /** The same problem without these values. */
    ApiProblem without(SecretValues secrets) {
        return new ApiProblem(
                kind,
                secrets.hide(detail),
                errors.stream().map(problem -> problem.map(secrets::hide)).toList(),
                headers);
    }

    int status() {
        return kind.status;
    }

    Response answer(String requestId) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("type", kind.type()).put("title", kind.title).put("status", kind.status);
        body.put("detail", detail).put("request_id", requestId);
        if (!errors.isEmpty()) {
            body.set("errors", list(errors));
        }
        return new Response(
                kind.status,
                "application/problem+json",
                headers,
                body.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Problems as the API shows them, warnings alike; places are left out where there is none. */
    public static ArrayNode list(List<Problem> problems) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (Problem problem : problems) {
            ObjectNode one = list.addObject().put("field", problem.field());
            if (problem.line() > 0) {
                one.put("line", problem.line()).put("column", problem.column());
            }
            one.put("message", problem.message()).put("fix", problem.fix());
        }
        return list;
    }
}
