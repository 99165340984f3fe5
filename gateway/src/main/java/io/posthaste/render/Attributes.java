package io.posthaste.render;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.posthaste.job.Person;
import io.posthaste.liquid.value.JsonCursor;
import io.posthaste.liquid.value.JsonException;
import io.posthaste.liquid.value.JsonReader;
import io.posthaste.liquid.value.JsonWriter;
import io.posthaste.liquid.value.Literal;
import io.posthaste.liquid.value.Nil;
import io.posthaste.liquid.value.RenderException;
import io.posthaste.liquid.value.Utf8Buffer;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/** Attributes of a person as values: numbers keep their text, names their order. */
public final class Attributes {
    /** Most bytes of a person's attributes, and of all that one delivery sets. */
    public static final int MAX_BYTES = 256 << 10;

    /** Less than what a job's data may have, of which a person becomes a part. */
    private static final int MAX_DEPTH = 60;

    private Attributes() {}

    /** @throws JsonException when this is not one JSON object */
    public static Map<String, Object> read(byte[] json) {
        Object value = JsonReader.read(json);
        if (!(value instanceof Map<?, ?> map)) {
            throw new JsonException("an object is needed", 0);
        }
        Map<String, Object> attributes = new LinkedHashMap<>();
        map.forEach((name, of) -> attributes.put(name.toString(), of));
        return attributes;
    }

    /**
     * @throws RenderException when it takes more than {@link #MAX_BYTES}
     * @throws JsonException when it is nested too deep to become a part of a job's data
     */
    public static byte[] write(Map<String, Object> attributes) {
        return write(attributes, MAX_BYTES);
    }

    private static byte[] write(Map<String, Object> attributes, int maxBytes) {
        Utf8Buffer out = new Utf8Buffer(512, 0);
        out.reset(maxBytes, "bytes of attributes");
        JsonWriter.COMPACT.write(attributes, out);
        JsonCursor.check(out.array(), out.length(), MAX_DEPTH);
        return out.toByteArray();
    }

    /**
     * The person with these attributes set.
     *
     * @param clears which values clear an attribute instead
     * @throws RenderException when they would have more than {@link #MAX_BYTES}
     * @throws JsonException when they are no JSON, or would be nested too deep
     */
    public static Person merged(Person person, Map<String, Object> changes, Predicate<Object> clears) {
        Map<String, Object> attributes = read(person.attributes());
        changes.forEach((name, value) -> {
            if (clears.test(value)) {
                attributes.remove(name);
            } else {
                attributes.put(name, value);
            }
        });
        return new Person(person.id(), person.version(), write(attributes));
    }

    /** What a rendered value must be to clear its attribute: null or empty (M75). */
    static boolean clears(Object value) {
        return value instanceof Nil || value instanceof Literal || value.equals("");
    }

    /** Data that only name their person, with the person in them. */
    static byte[] joined(byte[] data, Person person) {
        int brace = 0;
        while (data[brace] != '{') {
            brace++;
        }
        byte[] customer = withId(person);
        ByteBuffer joined = ByteBuffer.allocate(data.length + customer.length + 16);
        joined.put("{\"customer\":".getBytes(US_ASCII)).put(customer);
        joined.put((byte) ',').put(data, brace + 1, data.length - brace - 1);
        return Arrays.copyOf(joined.array(), joined.position());
    }

    /** The attributes as templates and the API show them: the id goes first. */
    public static byte[] withId(Person person) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        attributes.put("id", person.id());
        attributes.putAll(read(person.attributes()));
        return write(attributes, MAX_BYTES + 128);
    }
}
