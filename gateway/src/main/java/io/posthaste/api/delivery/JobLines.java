package io.posthaste.api.delivery;

import io.posthaste.http.ApiProblem;
import io.posthaste.http.ApiProblem.Kind;
import io.posthaste.http.BodyReader;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Flux;

/**
 * Splits a stream of lines (NDJSON) into batches as it arrives, so that no more of it is held than one batch and the
 * line that comes. Empty lines count and say nothing.
 */
final class JobLines {
    private static final int MOST_LINES = 100_000;
    private static final int MOST_IN_BATCH = 256;
    private static final int BYTES_IN_BATCH = 512 * 1024;

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private List<Line> batch = new ArrayList<>();
    private int batchBytes;
    private int lines;

    /** @param number counted from 1 */
    record Line(int number, byte[] text) {}

    private JobLines() {}

    /** {@link ApiProblem} 413 for a line that is too long, or too many of them; what came before is emitted by then. */
    static Flux<List<Line>> batches(Flux<byte[]> chunks) {
        return Flux.defer(() -> {
            JobLines split = new JobLines();
            return chunks.onErrorMap(failure -> BodyReader.notArrived())
                    .concatMapIterable(split::add, 1)
                    .concatWith(Flux.defer(() -> Flux.fromIterable(split.rest())));
        });
    }

    private List<List<Line>> add(byte[] chunk) {
        List<List<Line>> full = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < chunk.length; i++) {
            if (chunk[i] == '\n') {
                line.write(chunk, from, i - from);
                from = i + 1;
                end(full);
            }
        }
        line.write(chunk, from, chunk.length - from);
        if (line.size() > BodyReader.MAX_BYTES) {
            throw new ApiProblem(
                    Kind.BODY_TOO_LARGE, "line " + (lines + 1) + ": at most " + BodyReader.MAX_BYTES + " bytes");
        }
        return full;
    }

    private List<List<Line>> rest() {
        List<List<Line>> last = new ArrayList<>();
        end(last);
        close(last);
        return last;
    }

    private void end(List<List<Line>> full) {
        lines++;
        byte[] text = line.toByteArray();
        line.reset();
        if (isBlank(text)) {
            return;
        }
        if (lines > MOST_LINES) {
            throw new ApiProblem(Kind.BODY_TOO_LARGE, "at most " + MOST_LINES + " lines; send the rest by themselves");
        }
        batch.add(new Line(lines, text));
        batchBytes += text.length;
        if (batch.size() == MOST_IN_BATCH || batchBytes > BYTES_IN_BATCH) {
            close(full);
        }
    }

    private void close(List<List<Line>> full) {
        if (!batch.isEmpty()) {
            full.add(batch);
            batch = new ArrayList<>();
            batchBytes = 0;
        }
    }

    private static boolean isBlank(byte[] text) {
        for (byte character : text) {
            if (character != ' ' && character != '\t' && character != '\r') {
                return false;
            }
        }
        return true;
    }
}
