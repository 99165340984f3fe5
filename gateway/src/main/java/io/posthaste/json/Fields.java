package io.posthaste.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object read field by field. Whatever is wrong is noted under its path and answered with the default, so one
 * reading finds every problem. {@link #finish} refuses what nobody asked for.
 */
public final class Fields {
    private final String path;
    private final JsonNode object;
    private final List<Problem> problems;
    private final Set<String> known = new LinkedHashSet<>();

    /** @param problems where what is wrong is noted */
    public Fields(String path, JsonNode node, List<Problem> problems) {
        this.path = path;
        this.problems = problems;
        this.object = node.isObject() ? node : MissingNode.getInstance();
        if (!node.isObject()) {
            problems.add(Problem.of(path, "is " + kind(node), "give a JSON object"));
        }
    }

    /** Whether the object has such a field. */
    public boolean has(String name) {
        return object.has(name);
    }

    /** Text of at most {@code most} characters; {@code absent} null makes the field required. */
    public String text(String name, @Nullable String absent, int most) {
        JsonNode node = value(name);
        if (!node.isTextual()) {
            return node.isMissingNode() && absent != null ? absent : complain(name, node, "give a string", "");
        }
        String text = node.textValue();
        if (text.length() > most) {
            problem(name, "has " + text.length() + " characters", "at most " + most);
        } else if (hasLoneSurrogate(text)) {
            problem(name, "holds half of a surrogate pair", "write the whole character");
        }
        return text;
    }

    /** A JSON boolean. */
    public boolean flag(String name, boolean absent) {
        JsonNode node = value(name);
        if (node.isMissingNode()) {
            return absent;
        }
        return node.isBoolean() ? node.booleanValue() : complain(name, node, "give true or false", absent);
    }

    /** A whole number; absent or null gives {@code absent}. */
    @Nullable
    public Integer integer(String name, @Nullable Integer absent, int least, int most) {
        JsonNode node = value(name);
        if (node.isMissingNode() || node.isNull()) {
            return absent;
        }
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < least || node.intValue() > most) {
            return complain(name, node, "give a whole number from " + least + " to " + most, absent);
        }
        return node.intValue();
    }

    /** A number above zero; absent or null gives null. */
    @Nullable
    public Double positive(String name, double most) {
        JsonNode node = value(name);
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        boolean legal = node.isNumber() && node.doubleValue() > 0 && node.doubleValue() <= most;
        return legal
                ? Double.valueOf(node.doubleValue())
                : complain(name, node, "give a number above 0, at most " + (long) most, null);
    }

    /** One of a few words, as it is written there; words in capitals are also taken in small letters. */
    public <T> T oneOf(String name, Map<String, T> words, T absent) {
        JsonNode node = value(name);
        if (node.isMissingNode()) {
            return absent;
        }
        String word = node.isTextual() ? node.textValue() : "";
        T found = words.getOrDefault(word, words.get(word.toUpperCase(Locale.ROOT)));
        return found != null ? found : complain(name, node, "one of " + String.join(", ", words.keySet()), absent);
    }

    /** A list of at most {@code most} elements, each read by {@code element} with its path; a null element is left out. */
    public <T> List<T> list(String name, List<T> absent, int most, BiFunction<String, JsonNode, @Nullable T> element) {
        JsonNode node = value(name);
        if (node.isMissingNode()) {
            return absent;
        }
        if (!node.isArray() || node.size() > most) {
            return complain(name, node, "give a list of at most " + most + " elements", absent);
        }
        List<T> read = new ArrayList<>(node.size());
        for (int i = 0; i < node.size(); i++) {
            T one = element.apply(at(name) + "[" + i + "]", node.get(i));
            if (one != null) {
                read.add(one);
            }
        }
        return List.copyOf(read);
    }

    /** Whatever stands under the name, to be judged by the caller; missing if there is nothing. */
    public JsonNode node(String name) {
        return value(name);
    }

    /** An object inside this one; absent reads as empty. */
    public Fields object(String name) {
        JsonNode node = value(name);
        return new Fields(at(name), node.isMissingNode() ? JsonNodeFactory.instance.objectNode() : node, problems);
    }

    /** An element of a list in this object, at {@code path} of the document. */
    public Fields element(String path, JsonNode node) {
        return new Fields(path, node, problems);
    }

    /** Accepts a field without reading it. */
    public void ignore(String name) {
        known.add(name);
    }

    /** Notes a problem found elsewhere. */
    public void add(Problem problem) {
        problems.add(problem);
    }

    /** Notes a problem of one field. */
    public void problem(String name, String message, String fix) {
        // Of what is no object at all, that is said once and no field is missed.
        if (object.isObject()) {
            problems.add(Problem.of(at(name), message, fix));
        }
    }

    /** Refuses every field that was not read. */
    public void finish() {
        object.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                problem(name, "is not a field here", "one of " + String.join(", ", known));
            }
        });
    }

    /** The path of one field. */
    public String at(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private JsonNode value(String name) {
        known.add(name);
        return object.path(name);
    }

    private <T extends @Nullable Object> T complain(String name, JsonNode node, String fix, T instead) {
        problem(name, node.isMissingNode() ? "is missing" : "is " + kind(node), fix);
        return instead;
    }

    /** What a value is, in a word or two and at most 40 characters of it. */
    public static String kind(JsonNode node) {
        JsonNodeType type = node.getNodeType();
        return switch (type) {
            case NUMBER -> shortened(node.asText());
            case STRING -> "'" + shortened(node.textValue()) + "'";
            case BOOLEAN -> node.asText();
            case ARRAY -> "a list of " + node.size();
            case OBJECT -> "an object";
            case NULL -> "null";
            case MISSING -> "missing";
            case BINARY, POJO -> "of type " + type;
        };
    }

    private static String shortened(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }

    private static boolean hasLoneSurrogate(String text) {
        return text.codePoints().anyMatch(point -> point >= 0xD800 && point <= 0xDFFF);
    }
}
