package io.posthaste.api.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import io.posthaste.api.check.SaveCheck;
import io.posthaste.http.ApiProblem;
import io.posthaste.http.Query;
import io.posthaste.job.Job;
import io.posthaste.json.Fields;
import io.posthaste.json.MalformedJson;
import io.posthaste.json.Problem;
import io.posthaste.json.RawFields;
import io.posthaste.json.StrictJson;
import io.posthaste.queue.browse.Deliveries.NewJob;
import io.posthaste.store.action.ActionCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what is to be enqueued, by the rules of the inbox, and finds everything that is wrong before anything is written. */
public final class JobReader {
    static final int MOST_JOBS = 1_000;
    public static final int MAX_DATA_BYTES = 256 * 1024;

    private static final Set<String> RESERVED = Set.of("response", "http", "secrets", "snippets", "delivery");
    private static final Predicate<String> VISIBLE =
            Pattern.compile("[\\x21-\\x7e]+").asMatchPredicate();
    private static final int MAX_KEY = 64;
    private static final int MAX_TRACE = 512;
    private static final Map<String, Job.Results> RESULTS =
            Map.of("all", Job.Results.ALL, "final", Job.Results.FINAL, "none", Job.Results.NONE);
    private static final int MAX_BY = 128;
    private static final String ID_RULE = "1 to 64 of A-Z a-z 0-9 . _ -";

    /** The end of the year 9999: later times have no common notation. */
    private static final long LATEST = 253_402_300_799_999L;

    /** How far ahead a job may be due: a day less than the claim script takes, so that clocks may differ. */
    private static final Duration FARTHEST = Duration.ofDays(365);

    private final SaveCheck check;
    private final Supplier<String> ids;
    private final InstantSource clock;
    private final StrictJson json = new StrictJson();
    private final ActionCodec codec = new ActionCodec();
    private final RawFields raw = new RawFields(json, Set.of("data", "request"));

    /** @param ids names for jobs that bring none */
    public JobReader(SaveCheck check, Supplier<String> ids, InstantSource clock) {
        this.check = check;
        this.ids = ids;
        this.clock = clock;
    }

    /** One job, or a list of them. {@link ApiProblem} 422 with every problem of every job. */
    List<NewJob> read(byte[] body) {
        String document = StrictJson.text(body);
        JsonNode node = json.read(document);
        List<Problem> problems = new ArrayList<>();
        if (node.isArray() && (node.isEmpty() || node.size() > MOST_JOBS)) {
            throw ApiProblem.invalid(
                    List.of(Problem.of("", "holds " + node.size() + " deliveries", "send 1 to " + MOST_JOBS)));
        }
        List<Map<String, String>> texts = raw.cut(document);
        List<NewJob> jobs = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            Fields fields =
                    new Fields(node.isArray() ? "[" + i + "]" : "", node.isArray() ? node.get(i) : node, problems);
            jobs.add(job(fields, texts.get(i)));
        }
        ApiProblem.throwIfAny(problems);
        return jobs;
    }

    /** The job of one line. {@link ApiProblem} with the line's number for what is wrong with it. */
    NewJob read(JobLines.Line line) {
        String at = "line " + line.number();
        try {
            String document = StrictJson.text(line.text());
            JsonNode node = json.read(document);
            List<Problem> problems = new ArrayList<>();
            if (!node.isObject()) {
                problems.add(Problem.of(at, "is " + Fields.kind(node), "write one job, a JSON object, on each line"));
                throw ApiProblem.invalid(problems);
            }
            NewJob job = job(new Fields(at, node, problems), raw.cut(document).getFirst());
            ApiProblem.throwIfAny(problems);
            return job;
        } catch (MalformedJson malformed) {
            throw ApiProblem.malformed(malformed.problem().under(at));
        }
    }

    private NewJob job(Fields fields, Map<String, String> texts) {
        String action = id(fields, "action");
        String lane = id(fields, "lane");
        String request = request(fields, lane, texts);
        if ((action == null) == (lane == null && request == null)) {
            fields.problem("action", "give either action, or request and lane", "exactly one of the two");
        } else if ((lane == null) != (request == null)) {
            fields.problem("lane", "request and lane belong together", "give both or neither");
        }
        String id = id(fields, "id");
        NewJob job = new NewJob(
                id == null ? ids.get() : id,
                new NewJob.Target(action, request, lane, null),
                data(fields, texts),
                due(fields),
                new NewJob.Handling(
                        visible(fields, "key", MAX_KEY, "for example the order's number"),
                        fields.flag("draft", false),
                        fields.oneOf("results", RESULTS, Job.Results.ALL),
                        by(fields),
                        visible(fields, "order", MAX_KEY, "for example the order's number"),
                        visible(fields, "traceparent", MAX_TRACE, "as in W3C Trace Context")));
        fields.finish();
        return job;
    }

    static @Nullable String id(Fields fields, String name) {
        if (!fields.has(name)) {
            fields.ignore(name);
            return null;
        }
        String id = fields.text(name, null, 64);
        if (fields.node(name).isTextual() && !ActionCodec.isId(id)) {
            fields.problem(name, "is " + Fields.kind(fields.node(name)), ID_RULE);
        }
        return id;
    }

    private @Nullable String request(Fields fields, @Nullable String lane, Map<String, String> texts) {
        JsonNode definition = fields.node("request");
        if (definition.isMissingNode()) {
            return null;
        }
        check.problems(codec.read(lane == null ? "" : lane, definition)).stream()
                .map(problem -> problem.under(fields.at("request")))
                .forEach(fields::add);
        return texts.getOrDefault("request", "");
    }

    private static String data(Fields fields, Map<String, String> texts) {
        JsonNode data = fields.node("data");
        String text = texts.getOrDefault("data", "");
        if (!data.isObject()) {
            String kind = data.isMissingNode() ? "is missing" : "is " + Fields.kind(data);
            fields.problem("data", kind, "give a JSON object");
        } else if (text.getBytes(StandardCharsets.UTF_8).length > MAX_DATA_BYTES) {
            fields.problem("data", "is longer than 256 KiB", "at most " + MAX_DATA_BYTES + " bytes");
        }
        RESERVED.stream()
                .filter(data::has)
                .sorted()
                .forEach(name -> fields.problem("data." + name, "is a reserved name", "use another name"));
        if (data.has("customer") && !data.path("customer").isObject()) {
            fields.problem("data.customer", "is " + Fields.kind(data.path("customer")), "give a JSON object");
        }
        return text;
    }

    /** When the job is due, at most as far ahead as the inbox takes. */
    private long due(Fields fields) {
        long at = time(fields, "at");
        if (at > clock.millis() + FARTHEST.toMillis()) {
            fields.problem("at", "is " + Instant.ofEpochMilli(at), "at most " + FARTHEST.toDays() + " days ahead");
        }
        return at;
    }

    /** Epoch milliseconds or RFC 3339; 0 for now. */
    static long time(Fields fields, String name) {
        JsonNode at = fields.node(name);
        if (at.isMissingNode()) {
            return 0;
        }
        Long millis = at.isIntegralNumber() && at.canConvertToLong() ? Long.valueOf(at.longValue()) : null;
        if (at.isTextual()) {
            millis = Query.millis(at.textValue());
        }
        if (millis == null || millis < 0 || millis > LATEST) {
            fields.problem(name, "is " + Fields.kind(at), "give epoch milliseconds or 2026-01-15T10:20:30Z");
            return 0;
        }
        return millis;
    }

    /** Who asks: shown to people, so no control characters. */
    public static @Nullable String by(Fields fields) {
        if (!fields.has("by")) {
            fields.ignore("by");
            return null;
        }
        String by = fields.text("by", null, MAX_BY);
        if (fields.node("by").isTextual()
                && (by.isEmpty()
                        || by.chars().anyMatch(Character::isISOControl)
                        || by.getBytes(StandardCharsets.UTF_8).length > MAX_BY)) {
            fields.problem("by", "is not 1 to " + MAX_BY + " bytes without control characters", "a name, for example");
        }
        return by;
    }

    private static @Nullable String visible(Fields fields, String name, int most, String example) {
        if (!fields.has(name)) {
            fields.ignore(name);
            return null;
        }
        String text = fields.text(name, null, most);
        if (fields.node(name).isTextual() && !VISIBLE.test(text)) {
            fields.problem(name, "is not 1 to " + most + " visible ASCII characters", example);
        }
        return text;
    }
}
