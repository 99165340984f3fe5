package io.posthaste.http;

import io.posthaste.http.ApiProblem.Kind;
import java.io.ByteArrayOutputStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Reads a request body, counting while it comes (ADM-9). What is too long is dropped but read on for a while: a client
 * that is cut off in the middle of writing never sees why.
 */
public final class BodyReader {
    public static final int MAX_BYTES = 1 << 20;
    private static final int MOST_STREAMED = 64 * MAX_BYTES;

    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private long seen;

    private BodyReader() {}

    /** {@link ApiProblem} 413 for more than {@link #MAX_BYTES}, 408 for what does not arrive. */
    static Mono<byte[]> read(Flux<byte[]> chunks) {
        return chunks.collect(BodyReader::new, BodyReader::add)
                .map(BodyReader::whole)
                .onErrorMap(failure -> !(failure instanceof ApiProblem), failure -> notArrived());
    }

    /** The body as it arrives, for those who need not have all of it at once: up to {@link #MOST_STREAMED}. */
    static Flux<byte[]> stream(Flux<byte[]> chunks) {
        return Flux.defer(() -> {
            long[] seen = {0};
            return chunks.doOnNext(chunk -> checkLength(seen[0] += chunk.length));
        });
    }

    /** Refuses by the announced length, before a byte is read, what would not even be drained. */
    static void checkLength(long announced) {
        if (announced > MOST_STREAMED) {
            throw tooLarge(MOST_STREAMED);
        }
    }

    private void add(byte[] chunk) {
        seen += chunk.length;
        checkLength(seen);
        if (seen <= MAX_BYTES) {
            kept.writeBytes(chunk);
        }
    }

    private byte[] whole() {
        if (seen > MAX_BYTES) {
            throw tooLarge(MAX_BYTES);
        }
        return kept.toByteArray();
    }

    private static ApiProblem tooLarge(int most) {
        return new ApiProblem(Kind.BODY_TOO_LARGE, "at most " + most + " bytes");
    }

    /** Too slow for the server's time limits, or gone. */
    public static ApiProblem notArrived() {
        return new ApiProblem(Kind.REQUEST_TIMEOUT, "the body did not arrive in time");
    }
}
