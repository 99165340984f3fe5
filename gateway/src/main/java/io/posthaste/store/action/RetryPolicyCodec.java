package io.posthaste.store.action;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.action.RetryPolicy;
import io.posthaste.json.Fields;
import io.posthaste.json.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code {"policy": "standard"}}, {@code {"policy": "brisk"}}, or time limit, delays and statuses spelled out (M60). */
final class RetryPolicyCodec {
    static final int MAX_TIMEOUT_MILLIS = (int) RetryPolicy.LONGEST_TIMEOUT.toMillis();
    static final int MAX_RETRIES = 50;
    static final int MAX_DELAY_MILLIS = 7 * 86_400_000;

    private static final String EXPLICIT = "explicit";
    private static final List<String> SPELLED_OUT = List.of("timeout_ms", "delays_ms", "statuses");
    private static final Map<String, RetryPolicy> NAMED =
            Map.of("standard", RetryPolicy.STANDARD, "brisk", RetryPolicy.BRISK);
    // 2xx is success whatever a policy says (M56), 1xx never ends an answer.
    private static final Pattern STATUS = Pattern.compile("[345](xx|\\d\\d)");

    RetryPolicy read(Fields retry) {
        boolean spelledOut = SPELLED_OUT.stream().anyMatch(retry::has);
        String name = retry.oneOf(
                "policy",
                Map.of("standard", "standard", "brisk", "brisk", EXPLICIT, EXPLICIT),
                spelledOut ? EXPLICIT : "standard");
        RetryPolicy named = NAMED.get(name);
        if (named != null && spelledOut) {
            retry.problem(
                    "policy", "'" + name + "' fixes time limit, delays and statuses", "leave policy out to set them");
        }
        RetryPolicy explicit = spelledOut || named == null ? explicit(retry) : RetryPolicy.STANDARD;
        retry.finish();
        return named == null ? explicit : named;
    }

    private static RetryPolicy explicit(Fields retry) {
        Integer timeout = retry.integer("timeout_ms", null, 1, MAX_TIMEOUT_MILLIS);
        List<Duration> delays = retry.list("delays_ms", List.of(), MAX_RETRIES, (at, node) -> delay(retry, at, node));
        if (!retry.has("delays_ms")) {
            retry.problem("delays_ms", "is missing", "the wait before each retry in milliseconds; [] for no retry");
        }
        List<String> statuses =
                retry.list("statuses", RetryPolicy.STANDARD.statuses(), 100, (at, node) -> status(retry, at, node));
        Duration limit = timeout == null ? RetryPolicy.STANDARD.timeout() : Duration.ofMillis(timeout);
        return new RetryPolicy(EXPLICIT, limit, delays, statuses);
    }

    private static @Nullable Duration delay(Fields retry, String at, JsonNode node) {
        if (node.isIntegralNumber()
                && node.canConvertToInt()
                && node.intValue() >= 0
                && node.intValue() <= MAX_DELAY_MILLIS) {
            return Duration.ofMillis(node.intValue());
        }
        retry.add(Problem.of(at, "is " + Fields.kind(node), "give milliseconds from 0 to " + MAX_DELAY_MILLIS));
        return null;
    }

    private static @Nullable String status(Fields retry, String at, JsonNode node) {
        String text = node.isIntegralNumber() || node.isTextual() ? node.asText() : "";
        if (STATUS.matcher(text).matches()) {
            return text;
        }
        retry.add(Problem.of(at, "is " + Fields.kind(node), "give a status from 300 to 599, or \"4xx\", \"5xx\""));
        return null;
    }

    void write(RetryPolicy retry, ObjectNode into) {
        into.put("policy", retry.name());
        if (NAMED.containsKey(retry.name())) {
            return;
        }
        into.put("timeout_ms", retry.timeout().toMillis());
        ArrayNode delays = into.putArray("delays_ms");
        retry.delays().forEach(delay -> delays.add(delay.toMillis()));
        ArrayNode statuses = into.putArray("statuses");
        retry.statuses().forEach(status -> addStatus(statuses, status));
    }

    private static void addStatus(ArrayNode statuses, String status) {
        if (status.endsWith("xx")) {
            statuses.add(status);
        } else {
            statuses.add(Integer.parseInt(status));
        }
    }
}
