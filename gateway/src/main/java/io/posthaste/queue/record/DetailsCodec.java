package io.posthaste.queue.record;

import io.posthaste.job.Attempt;
import io.posthaste.job.Header;
import io.posthaste.job.Trip;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Details of an attempt as bytes: version, reused u8, gateway and address (each a length u8), milliseconds of waiting,
 * connecting, TLS and the first byte (u16 each, 65535 for none), then the headers of the request and those of the answer: how
 * many u8, each a name (length u8) and a value (length u16). Long values are cut, and what is beyond 2 KiB is left out.
 */
final class DetailsCodec {
    private static final byte VERSION = 1;
    private static final int NONE = 0xFFFF;
    private static final int NAME_BYTES = 100;
    private static final int VALUE_BYTES = 256;
    private static final int MOST_BYTES = 2_048;

    /** Version, reused, two lengths, four times and two numbers of headers. */
    private static final int BARE_BYTES = 2 + 2 + 4 * 2 + 2;

    private DetailsCodec() {}

    /** Empty for none. */
    static byte[] encode(Attempt.@Nullable Details details) {
        if (details == null) {
            return Bytes.EMPTY;
        }
        Trip trip = details.trip();
        byte[] gateway = Bytes.atMost(NAME_BYTES, details.gateway());
        byte[] address = Bytes.atMost(NAME_BYTES, trip.address());
        boolean bare = trip.sent().isEmpty() && details.answered().isEmpty();
        ByteBuffer out = ByteBuffer.allocate(bare ? BARE_BYTES + gateway.length + address.length : MOST_BYTES)
                .put(VERSION)
                .put((byte) (trip.reused() ? 1 : 0))
                .put((byte) gateway.length)
                .put(gateway)
                .put((byte) address.length)
                .put(address)
                .putShort(millis(trip.waitMillis()))
                .putShort(millis(trip.connectMillis()))
                .putShort(millis(trip.tlsMillis()))
                .putShort(millis(trip.firstByteMillis()));
        put(out, trip.sent(), MOST_BYTES / 2);
        put(out, details.answered(), MOST_BYTES);
        return Arrays.copyOf(out.array(), out.position());
    }

    private static void put(ByteBuffer out, List<Header> headers, int upTo) {
        int counted = out.position();
        out.put((byte) 0);
        int count = 0;
        for (Header header : headers) {
            byte[] name = Bytes.atMost(NAME_BYTES, header.name());
            byte[] value = Bytes.atMost(VALUE_BYTES, header.value());
            // One byte is left for the number of those that follow.
            if (out.position() + 3 + name.length + value.length >= upTo) {
                break;
            }
            out.put((byte) name.length).put(name).putShort((short) value.length).put(value);
            count++;
        }
        out.put(counted, (byte) count);
    }

    private static short millis(long millis) {
        return (short) (millis < 0 ? NONE : Math.min(millis, NONE - 1));
    }

    /** Null for what is not of a version that is known here. */
    static Attempt.@Nullable Details decode(ByteBuffer in) {
        try {
            if (in.get() != VERSION) {
                return null;
            }
            boolean reused = in.get() == 1;
            String gateway = text(in);
            String address = text(in);
            long wait = millis(in);
            long connect = millis(in);
            long tls = millis(in);
            long first = millis(in);
            List<Header> sent = headers(in);
            return new Attempt.Details(
                    gateway, new Trip(address, reused, wait, connect, tls, first, sent), headers(in));
        } catch (BufferUnderflowException e) {
            return null;
        }
    }

    private static List<Header> headers(ByteBuffer in) {
        int count = in.get() & 0xFF;
        List<Header> headers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            headers.add(new Header(text(in), Bytes.utf8(Bytes.take(in, in.getShort() & 0xFFFF))));
        }
        return List.copyOf(headers);
    }

    private static long millis(ByteBuffer in) {
        int millis = in.getShort() & 0xFFFF;
        return millis == NONE ? -1 : millis;
    }

    private static String text(ByteBuffer in) {
        return Bytes.utf8(Bytes.take(in, in.get() & 0xFF));
    }
}
