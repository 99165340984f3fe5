package io.posthaste.host;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.posthaste.store.host.HostBoard;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/** Reports as bytes. */
final class HostReports {
    /** Hosts of one gateway that the others hear of. */
    static final int MOST = 100;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private HostReports() {}

    /** The first of them, as many as fit. */
    static byte[] write(List<HostReport> reports) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String before = "[";
        for (HostReport report : reports.stream().limit(MOST).toList()) {
            byte[] one = bytes(report);
            if (out.size() + one.length + 2 > HostBoard.LONGEST) {
                break;
            }
            out.writeBytes(before.getBytes(US_ASCII));
            out.writeBytes(one);
            before = ",";
        }
        out.writeBytes((before.equals("[") ? "[]" : "]").getBytes(US_ASCII));
        return out.toByteArray();
    }

    private static byte[] bytes(HostReport report) {
        try {
            return JSON.writeValueAsBytes(report);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a report holds nothing that JSON has no word for", e);
        }
    }

    /** None when it was written by nobody who knows how. */
    static List<HostReport> read(byte[] word) {
        try {
            return Stream.of(JSON.readValue(word, HostReport[].class))
                    .filter(report -> report != null && !report.host().isEmpty())
                    .limit(MOST)
                    .toList();
        } catch (IOException damaged) {
            return List.of();
        }
    }
}
