package io.posthaste.admin;

import io.posthaste.admin.ApiProblem.Kind;
import java.io.ByteArrayOutputStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reads a request body and stops at the limit: it is counted while it comes, never gathered first (ADM-9). */
final class BodyReader {
    static final int MAX_BYTES = 1 << 20;

    private BodyReader() {}

    /** {@link ApiProblem} 413 as soon as there is more than {@link #MAX_BYTES}. */
    static Mono<byte[]> read(Flux<byte[]> chunks) {
        return chunks.collect(ByteArrayOutputStream::new, BodyReader::append)
                .map(ByteArrayOutputStream::toByteArray)
                .onErrorMap(failure -> !(failure instanceof ApiProblem), BodyReader::notArrived);
    }

    /** Refuses by the announced length, before a byte is read. */
    static void checkLength(long announced) {
        if (announced > MAX_BYTES) {
            throw new ApiProblem(Kind.BODY_TOO_LARGE, "at most " + MAX_BYTES + " bytes");
        }
    }

    /** Too slow for the server's time limits, or gone. */
    private static ApiProblem notArrived(Throwable failure) {
        return new ApiProblem(Kind.REQUEST_TIMEOUT, "the body did not arrive in time");
    }

    private static void append(ByteArrayOutputStream body, byte[] chunk) {
        checkLength((long) body.size() + chunk.length);
        body.writeBytes(chunk);
    }
}
