package io.posthaste.queue.record;

import io.posthaste.job.InlineRequest;
import io.posthaste.job.Job;
import io.posthaste.job.RenderedRequest;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A job as it lies in Redis: its inbox fields, or the same parked with the frozen request ({@code park} in parked.lua).
 *
 * @param frozen the request as it was first rendered, or null when nothing was rendered yet
 * @param resent whether it was sent once and is sent again ({@code resend.lua} marks it)
 */
public record JobBody(Job job, @Nullable RenderedRequest frozen, boolean resent) {
    private static final int DIGITS_OF_A_LONG = 18;

    /** @param entry id of the inbox entry; its first part is when the job was enqueued, ms on Redis' clock */
    public static JobBody of(String entry, @Nullable Object[] fields) {
        Fields read = new Fields();
        for (int i = 0; i + 1 < fields.length; i += 2) {
            if (fields[i] instanceof byte[] name && fields[i + 1] instanceof byte[] value) {
                read.put(name, value);
            }
        }
        return new JobBody(read.toJob(entry), null, read.resent);
    }

    /** @throws DamagedRecordException when these are not the bytes of a parked body */
    public static JobBody parked(String entry, byte[] text, FrozenRequests requests) {
        try {
            return parked(entry, ByteBuffer.wrap(text), requests);
        } catch (BufferUnderflowException e) {
            throw new DamagedRecordException("a parked body that ends too early");
        } catch (IndexOutOfBoundsException | IllegalArgumentException | NegativeArraySizeException e) {
            // A length that is none: what stands in Redis is nobody's word.
            throw new DamagedRecordException("a parked body whose parts do not fit");
        }
    }

    private static JobBody parked(String entry, ByteBuffer in, FrozenRequests requests) {
        if (in.get() != 1) {
            throw new DamagedRecordException("unknown version of a parked body");
        }
        Bytes.take(in, in.get() & 0xFF);
        Bytes.take(in, in.get() & 0xFF);
        ByteBuffer text = ByteBuffer.wrap(Bytes.take(in, in.getInt()));
        List<byte[]> fields = new ArrayList<>(16);
        while (text.hasRemaining()) {
            fields.add(Bytes.take(text, text.getInt()));
        }
        JobBody body = of(entry, fields.toArray());
        String id = body.job().id();
        return new JobBody(body.job(), in.hasRemaining() ? requests.decode(id, in) : null, body.resent());
    }

    /** The time of an entry's id, in milliseconds; 0 for what is no id. A producer may choose it: beyond a long it saturates. */
    public static long enqueuedAt(String entry) {
        int dash = entry.indexOf('-');
        if (dash <= 0 || !entry.chars().limit(dash).allMatch(digit -> digit >= '0' && digit <= '9')) {
            return 0;
        }
        return dash <= DIGITS_OF_A_LONG ? Long.parseLong(entry, 0, dash, 10) : Long.MAX_VALUE;
    }

    /** The values of an inbox entry, by name. The claim script has checked them; a parked copy may be damaged since. */
    private static final class Fields {
        private @Nullable String id;
        private @Nullable String action;
        private @Nullable String lane;
        private @Nullable String key;
        private byte @Nullable [] request;
        private @Nullable String grant;
        private byte @Nullable [] data;
        private @Nullable String by;
        private @Nullable String order;
        private @Nullable String trace;
        private boolean draft;
        private boolean resent;
        private Job.Results results = Job.Results.ALL;

        void put(byte[] name, byte[] value) {
            switch (new String(name, StandardCharsets.ISO_8859_1)) {
                case "id" -> id = Bytes.ascii(value);
                case "action" -> action = Bytes.ascii(value);
                case "lane" -> lane = Bytes.ascii(value);
                case "key" -> key = Bytes.ascii(value);
                case "request" -> request = value;
                case "grant" -> grant = Bytes.ascii(value);
                case "data" -> data = value;
                case "draft" -> draft = true;
                case "results" -> results = mode(value);
                case "by" -> by = Bytes.utf8(value);
                case "order" -> order = Bytes.ascii(value);
                case "traceparent" -> trace = Bytes.ascii(value);
                case "resent" -> resent = true;
                default -> {}
            }
        }

        private static Job.Results mode(byte[] value) {
            return switch (Bytes.ascii(value)) {
                case "none" -> Job.Results.NONE;
                case "final" -> Job.Results.FINAL;
                default -> Job.Results.ALL;
            };
        }

        Job toJob(String entry) {
            String queue = action != null ? action : lane;
            if (id == null || queue == null || data == null) {
                throw new DamagedRecordException("id, lane or data is missing");
            }
            String sent = key != null ? key : id;
            InlineRequest inline = request == null ? null : new InlineRequest(request, grant);
            Job.Terms terms = new Job.Terms(sent, draft, results, by, order, trace);
            return new Job(id, queue, action, inline, data, terms, enqueuedAt(entry));
        }
    }
}
