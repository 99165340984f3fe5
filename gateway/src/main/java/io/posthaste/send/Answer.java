package io.posthaste.send;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.posthaste.job.Header;
import java.util.AbstractList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A whole answer as the guard collected it.
 *
 * @param body up to the cap; never modified after construction
 */
record Answer(int status, List<Header> headers, byte[] body, boolean truncated) {

    static Answer of(HttpResponse head, byte[] body, boolean truncated) {
        return new Answer(head.status().code(), lazily(head.headers()), body, truncated);
    }

    /** Copied out only when someone reads them; nobody may change them any more. */
    static List<Header> lazily(HttpHeaders headers) {
        return new LazyHeaders(headers);
    }

    /** Headers that are copied out only when someone reads them: most exchanges are judged by their status alone. */
    private static final class LazyHeaders extends AbstractList<Header> {
        private final HttpHeaders headers;
        private @Nullable List<Header> copied;

        /** @param headers that nobody changes any more */
        LazyHeaders(HttpHeaders headers) {
            this.headers = headers;
        }

        @Override
        public Header get(int index) {
            return copy().get(index);
        }

        @Override
        public int size() {
            return headers.size();
        }

        // A race between two readers copies twice, which does no harm.
        private List<Header> copy() {
            List<Header> known = copied;
            if (known == null) {
                known = read();
                copied = known;
            }
            return known;
        }

        private List<Header> read() {
            Stream.Builder<Header> read = Stream.builder();
            for (Map.Entry<String, String> header : headers) {
                read.add(new Header(header.getKey(), header.getValue()));
            }
            return read.build().toList();
        }
    }
}
