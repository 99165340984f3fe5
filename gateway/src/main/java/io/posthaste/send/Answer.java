package io.posthaste.send;

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
        return new Answer(head.status().code(), new LazyHeaders(head), body, truncated);
    }

    /** Most answers are judged by their status alone: the headers are copied out only when someone reads them. */
    private static final class LazyHeaders extends AbstractList<Header> {
        private final HttpResponse head;
        private @Nullable List<Header> copied;

        LazyHeaders(HttpResponse head) {
            this.head = head;
        }

        @Override
        public Header get(int index) {
            return copy().get(index);
        }

        @Override
        public int size() {
            return head.headers().size();
        }

        // A race between two readers copies twice, which does no harm: the head never changes.
        private List<Header> copy() {
            List<Header> headers = copied;
            if (headers == null) {
                headers = read();
                copied = headers;
            }
            return headers;
        }

        private List<Header> read() {
            Stream.Builder<Header> headers = Stream.builder();
            for (Map.Entry<String, String> header : head.headers()) {
                headers.add(new Header(header.getKey(), header.getValue()));
            }
            return headers.build().toList();
        }
    }
}
