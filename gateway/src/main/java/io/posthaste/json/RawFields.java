package io.posthaste.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Cuts values out of a JSON document as they were written. A producer's numbers and spaces must reach the template
 * unchanged: reading {@code 12345678901234567890} or {@code 19.90} and writing it again may not give the same text.
 */
public final class RawFields {
    private final StrictJson json;
    private final Set<String> names;

    public RawFields(StrictJson json, Set<String> names) {
        this.json = json;
        this.names = names;
    }

    /** The text of the named fields of each element: of an array's elements, or of the document itself. */
    public List<Map<String, String>> cut(String document) {
        List<Map<String, String>> elements = new ArrayList<>();
        try (JsonParser parser = json.parser(document)) {
            if (parser.nextToken() == JsonToken.START_ARRAY) {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    elements.add(element(parser, document));
                }
            } else {
                elements.add(element(parser, document));
            }
            return elements;
        } catch (JsonProcessingException broken) {
            throw StrictJson.malformed(broken);
        } catch (IOException impossible) {
            throw new UncheckedIOException("a String cannot fail to be read", impossible);
        }
    }

    /** Begins on the element's first token and ends on its last. */
    private Map<String, String> element(JsonParser parser, String document) throws IOException {
        Map<String, String> cut = new HashMap<>();
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return cut;
        }
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            int start = (int) parser.currentTokenLocation().getCharOffset();
            boolean isObject = parser.currentToken() == JsonToken.START_OBJECT;
            parser.skipChildren();
            if (isObject && names.contains(name)) {
                cut.put(name, document.substring(start, (int)
                        parser.currentLocation().getCharOffset()));
            }
        }
        return cut;
    }
}
