package io.posthaste.store.action;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.action.Action;
import io.posthaste.action.Action.Escaping;
import io.posthaste.action.Action.OnFailure;
import io.posthaste.action.Action.OnGone;
import io.posthaste.action.Action.OnMissing;
import io.posthaste.action.Action.ResponseAttribute;
import io.posthaste.action.Action.Sending;
import io.posthaste.action.Action.Signature;
import io.posthaste.action.LaneLimits;
import io.posthaste.action.SecretUse;
import io.posthaste.job.Header;
import io.posthaste.job.HostPatterns;
import io.posthaste.job.Ids;
import io.posthaste.json.Fields;
import io.posthaste.json.MalformedJson;
import io.posthaste.json.Problem;
import io.posthaste.json.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Actions as JSON: what the API takes and gives, what Redis keeps, and what a job may carry inline. Reading is strict
 * and notes every problem at once. Whether templates parse and addresses may be dialled is not decided here.
 */
public final class ActionCodec {
    /** What an action id, a lane and a delivery id look like. */
    private static final List<Header> PREFILLED = List.of(new Header("Content-Type", "application/json"));

    private static final Pattern BARE_FORM = Pattern.compile("(?i)\\s*x-www-form-urlencoded\\s*(;.*)?");
    private static final int MAX_HEADERS = 64;
    private static final int MAX_ATTRIBUTES = 100;
    private static final int MAX_ATTRIBUTE = 128;
    private static final String JOURNEY = "journey.";
    private static final Map<String, String> METHODS = same("GET", "POST", "PUT", "PATCH", "DELETE");
    private static final Map<String, Sending> SENDING = words(Sending.values());
    private static final Map<String, OnMissing> ON_MISSING = words(OnMissing.values());
    private static final Map<String, OnGone> ON_GONE = words(OnGone.values());
    private static final Map<String, OnFailure> ON_FAILURE = words(OnFailure.values());
    private static final Map<String, Escaping> ESCAPE = words(Escaping.values());
    private static final Map<String, Signature> SIGNATURES = words(Signature.values());

    /** What the answer adds to a definition: accepted and ignored, so that what was read can be sent back. */
    private static final List<String> READ_ONLY = List.of("version", "created_at", "updated_at", "warnings");

    private final StrictJson json = new StrictJson();
    private final RetryPolicyCodec retries = new RetryPolicyCodec();

    public static boolean isId(String text) {
        return Ids.isId(text);
    }

    /** Reads a definition that is to be stored as {@code id}. Version and times are left 0: the store sets them. */
    public ActionReading read(String id, JsonNode definition) {
        List<Problem> problems = new ArrayList<>();
        List<Problem> warnings = new ArrayList<>();
        Fields fields = new Fields("", definition, problems);
        Action action = new Action(
                id,
                fields.text("name", "", 256),
                Action.Revision.NONE,
                new Action.Request(
                        fields.oneOf("method", METHODS, "POST"),
                        fields.text("url", null, StrictJson.MAX_STRING),
                        headers(fields, fields.flag("strict_bytes", false), warnings),
                        fields.text("body", "", StrictJson.MAX_STRING),
                        fields.oneOf("on_missing", ON_MISSING, OnMissing.FAIL),
                        fields.oneOf("escape", ESCAPE, Escaping.NONE),
                        fields.flag("strict_bytes", false)),
                new Action.Rules(
                        fields.oneOf("sending", SENDING, Sending.AUTOMATIC),
                        retries.read(fields.object("retry")),
                        limits(fields.object("limits")),
                        onFailure(fields.object("order"))),
                new Action.Answers(
                        responseAttributes(fields, warnings),
                        fields.flag("allow_conversions", false),
                        fields.oneOf("on_gone", ON_GONE, OnGone.FAIL)),
                new Action.Trust(
                        new SecretUse.ToHosts(hosts(fields, "secret_hosts")),
                        signatures(fields),
                        connection(fields),
                        fields.flag("trace", false)));
        requireSameId(id, fields);
        READ_ONLY.forEach(fields::ignore);
        fields.finish();
        return new ActionReading(action, List.copyOf(problems), List.copyOf(warnings));
    }

    /** Reads the action that a job carries, to be queued in {@code lane}. {@link InvalidAction} or {@link MalformedJson}. */
    public Action inline(String lane, byte[] definition) {
        return read(lane, json.read(definition)).valid();
    }

    /** The same of a job that may not use secrets: asking for a signature or a connection is a problem then. */
    public Action inlineWithoutSecrets(String lane, byte[] definition) {
        JsonNode node = json.read(definition);
        refuse(lane, node, "signatures", "is signed");
        refuse(lane, node, "connection", "has a connection");
        return read(lane, node).valid().withoutSecrets();
    }

    private static void refuse(String lane, JsonNode node, String field, String what) {
        if (node.has(field)) {
            Problem untrusted = Problem.of(
                    field,
                    "an inline request " + what + " only if an admin enqueues it, or with inline.secrets",
                    "store the action, enqueue the job with an admin token, or set inline.secrets = true");
            throw new InvalidAction(lane, List.of(untrusted));
        }
    }

    /** A list of hosts, empty when absent. */
    public static HostPatterns hosts(Fields fields, String name) {
        return new HostPatterns(fields.list(name, List.of(), HostPatterns.MOST, (at, node) -> {
            if (!node.isTextual() || !HostPatterns.isPattern(node.textValue())) {
                fields.add(Problem.of(
                        at,
                        "is " + Fields.kind(node),
                        "a host such as api.example.com, or *.example.com, without a port"));
                return null;
            }
            return node.textValue();
        }));
    }

    /** Reads what {@link ActionStore} wrote; it is checked like anything else from outside (JOB-5). */
    Action stored(String id, String document) {
        JsonNode node = json.read(document);
        Action.Revision revision = new Action.Revision(
                node.path("version").asInt(),
                node.path("created_at").asLong(),
                node.path("updated_at").asLong());
        return read(id, node).valid().with(revision);
    }

    /** The definition alone: no id, version or times. */
    public ObjectNode write(Action action) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        out.put("name", action.name()).put("method", action.method()).put("url", action.url());
        ArrayNode headers = out.putArray("headers");
        action.headers().forEach(h -> headers.addObject().put("name", h.name()).put("value", h.value()));
        out.put("body", action.body()).put("sending", word(action.sending()));
        ArrayNode attributes = out.putArray("response_attributes");
        action.responseAttributes()
                .forEach(a ->
                        attributes.addObject().put("attribute", a.attribute()).put("template", a.template()));
        out.put("allow_conversions", action.allowConversions());
        out.put("on_gone", word(action.onGone()));
        out.put("on_missing", word(action.onMissing())).put("escape", word(action.escape()));
        if (action.secrets() instanceof SecretUse.ToHosts to && !to.hosts().isEmpty()) {
            to.hosts().patterns().forEach(out.putArray("secret_hosts")::add);
        }
        out.put("strict_bytes", action.strictBytes());
        retries.write(action.retry(), out.putObject("retry"));
        out.putObject("limits")
                .put("max_in_flight", action.limits().maxInFlight())
                .put("max_per_second", action.limits().maxPerSecond());
        out.putObject("order").put("on_failure", word(action.onFailure()));
        if (action.connection() != null) {
            out.put("connection", action.connection());
        }
        out.put("trace", action.traced());
        ArrayNode signatures = out.putArray("signatures");
        action.signatures().forEach(signature -> signatures.add(word(signature)));
        return out;
    }

    private static List<Header> headers(Fields fields, boolean strictBytes, List<Problem> warnings) {
        return fields.list("headers", PREFILLED, MAX_HEADERS, (at, node) -> {
            Fields header = fields.element(at, node);
            String name = header.text("name", null, 256);
            String value = header.text("value", null, 8192);
            header.finish();
            return formType(new Header(name, value), strictBytes, at, warnings);
        });
    }

    /** The bare word is no media type and most servers ignore it (M21). */
    private static Header formType(Header header, boolean strictBytes, String at, List<Problem> warnings) {
        if (!header.name().equalsIgnoreCase("Content-Type")
                || !BARE_FORM.matcher(header.value()).matches()) {
            return header;
        }
        String whole = "application/" + header.value().strip();
        String done = strictBytes ? "sent as it stands, because of strict_bytes" : "stored as " + whole;
        warnings.add(Problem.of(at + ".value", "x-www-form-urlencoded is not a media type", done));
        return strictBytes ? header : new Header(header.name(), whole);
    }

    private static List<ResponseAttribute> responseAttributes(Fields fields, List<Problem> warnings) {
        Set<String> seen = new HashSet<>();
        return fields.list("response_attributes", List.of(), MAX_ATTRIBUTES, (at, node) -> {
            Fields one = fields.element(at, node);
            String attribute = one.text("attribute", null, JOURNEY.length() + MAX_ATTRIBUTE);
            String template = one.text("template", null, StrictJson.MAX_STRING);
            one.finish();
            checkTarget(one, attribute, seen.add(attribute), warnings);
            return new ResponseAttribute(attribute, template);
        });
    }

    /** Which attributes an answer may set (M76), on the person or on their journey (M77). */
    private static void checkTarget(Fields one, String attribute, boolean first, List<Problem> warnings) {
        String name = attribute.startsWith(JOURNEY) ? attribute.substring(JOURNEY.length()) : attribute;
        if (attribute.equals("id") || attribute.equals("cio_id") || attribute.startsWith("_")) {
            one.problem("attribute", "'" + attribute + "' is reserved", "use a name of your own");
        } else if (name.isBlank() || name.chars().anyMatch(Character::isISOControl)) {
            one.problem("attribute", "is blank or holds control characters", "1 to 128 bytes of printable text");
        } else if (name.getBytes(StandardCharsets.UTF_8).length > MAX_ATTRIBUTE) {
            one.problem("attribute", "is longer than 128 bytes", "1 to 128 bytes of printable text");
        } else if (!first) {
            one.problem("attribute", "'" + attribute + "' is set twice", "set each attribute once");
        } else if (attribute.equals("email") || attribute.equals("phone")) {
            warnings.add(Problem.of(one.at("attribute"), "changes how the person is reached", "make sure it is meant"));
        }
    }

    private static LaneLimits limits(Fields limits) {
        Integer inFlight = limits.integer("max_in_flight", null, 1, 100_000);
        Double perSecond = limits.positive("max_per_second", 1_000_000);
        limits.finish();
        return new LaneLimits(inFlight, perSecond);
    }

    private static OnFailure onFailure(Fields order) {
        OnFailure read = order.oneOf("on_failure", ON_FAILURE, OnFailure.CONTINUE);
        order.finish();
        return read;
    }

    private static @Nullable String connection(Fields fields) {
        String name = fields.text("connection", "", 64);
        return name.isEmpty() ? null : name;
    }

    private static List<Signature> signatures(Fields fields) {
        List<Signature> read = fields.list("signatures", List.of(Signature.CIO), 2, (at, node) -> {
            Signature signature = node.isTextual() ? SIGNATURES.get(node.textValue()) : null;
            if (signature == null) {
                fields.add(
                        Problem.of(at, "is " + Fields.kind(node), "one of " + String.join(", ", SIGNATURES.keySet())));
            }
            return signature;
        });
        if (read.isEmpty() || read.size() > Set.copyOf(read).size()) {
            fields.problem("signatures", "is empty or names a scheme twice", "name each wanted scheme once");
        }
        return read;
    }

    private static void requireSameId(String id, Fields fields) {
        if (!fields.text("id", id, 64).equals(id)) {
            fields.problem("id", "differs from the id in the path", "leave it out, or write '" + id + "'");
        }
    }

    private static <E extends Enum<E>> Map<String, E> words(E[] values) {
        Map<String, E> words = new LinkedHashMap<>();
        for (E value : values) {
            words.put(word(value), value);
        }
        return Collections.unmodifiableMap(words);
    }

    private static Map<String, String> same(String... words) {
        Map<String, String> same = new LinkedHashMap<>();
        for (String word : words) {
            same.put(word, word);
        }
        return Collections.unmodifiableMap(same);
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
