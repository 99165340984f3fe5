package io.posthaste.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * The one way JSON from outside is read: RFC 8259 without extensions, UTF-8 only, no duplicate names, nothing after the
 * document, depth at most 64, strings at most 1 MiB, numbers at most 100 characters, names at most 256 (JOB-2).
 */
public final class StrictJson {
    public static final int MAX_DEPTH = 64;
    public static final int MAX_STRING = 1 << 20;

    private static final StreamReadConstraints LIMITS = StreamReadConstraints.builder()
            .maxNestingDepth(MAX_DEPTH)
            .maxStringLength(MAX_STRING)
            .maxNumberLength(100)
            .maxNameLength(256)
            .maxDocumentLength(2L << 20)
            .build();

    private final JsonMapper mapper;

    public StrictJson() {
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(LIMITS)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        this.mapper = JsonMapper.builder(factory)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
    }

    /** Reads one document. {@link MalformedJson} when the bytes are not one. */
    public JsonNode read(byte[] json) {
        return read(text(json));
    }

    /** Reads one document. {@link MalformedJson} when the text is not one. */
    public JsonNode read(String json) {
        try {
            JsonNode node = mapper.readTree(json);
            if (node.isMissingNode()) {
                throw new MalformedJson("the document is empty", 1, 1);
            }
            return node;
        } catch (JsonProcessingException broken) {
            throw malformed(broken);
        }
    }

    /** A parser under the same rules, for callers that need to know where in {@code json} a value stands. */
    public JsonParser parser(String json) throws IOException {
        return mapper.createParser(json);
    }

    /** What Jackson says, without its advice on Jackson. */
    public static MalformedJson malformed(JsonProcessingException broken) {
        JsonLocation at = broken.getLocation();
        int line = at == null ? 0 : at.getLineNr();
        int column = at == null ? 0 : at.getColumnNr();
        return new MalformedJson(reason(broken), line, column);
    }

    private static String reason(JsonProcessingException broken) {
        if (broken instanceof StreamConstraintsException) {
            return "beyond the limits: depth 64, strings 1 MiB, numbers 100 characters, names 256 characters";
        }
        String said = broken.getOriginalMessage().lines().findFirst().orElse("");
        String first = said.replaceFirst(" ?[(\\[]?(for|start marker|although at least|note:|`).*", "");
        return "not valid JSON: " + (first.length() > 160 ? first.substring(0, 160) : first);
    }

    /** Jackson would guess UTF-16 and UTF-32, and let broken UTF-8 through as replacement characters in some paths. */
    public static String text(byte[] utf8) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException broken) {
            throw new MalformedJson("not valid UTF-8", 0, 0);
        }
    }
}
