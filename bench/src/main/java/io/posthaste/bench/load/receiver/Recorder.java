package io.posthaste.bench.load.receiver;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** What the receiver knows: who arrived, and how each path behaves. Confined to the event loop. */
final class Recorder {
    /** Events about deliveries name them, too, and are none. */
    private static final String REPORTS = "/report";

    private final ArrivalLog log = new ArrivalLog();
    private final Map<String, Behaviour> behaviours = new HashMap<>();
    private final CRC32 crc = new CRC32();
    private final InstantSource clock;
    private final @Nullable SignatureCheck signatures;
    private long requests;
    private long overHttp2;
    private long anonymous;
    private long connections;
    private long open;
    private long mostOpen;

    Recorder(InstantSource clock, @Nullable SignatureCheck signatures) {
        this.clock = clock;
        this.signatures = signatures;
    }

    /** A connection was made. */
    void opened() {
        connections++;
        open++;
        mostOpen = Math.max(mostOpen, open);
    }

    /** One has ended. */
    void closed() {
        open--;
    }

    /** Connections there are now. */
    long open() {
        return open;
    }

    /** How the request's path behaves; null for the usual 200. */
    @Nullable
    Behaviour behaviour(Request request) {
        return behaviours.isEmpty() ? null : behaviours.get(request.text(request.path));
    }

    /** A request came over HTTP/2. */
    void cameOverHttp2() {
        overHttp2++;
    }

    /** Remembers the request and that it is answered with {@code status}, 0 for not at all. */
    void record(Request request, int status) {
        requests++;
        if (request.id.length() == 0 || request.text(request.path).startsWith(REPORTS)) {
            anonymous++;
            return;
        }
        crc.reset();
        crc.update(request.bytes, request.key.start, request.key.length());
        crc.update(request.bytes, request.body.start, request.body.length());
        log.append(micros(), status, (int) crc.getValue(), request.bytes, request.id);
        if (signatures != null) {
            signatures.see(request);
        }
    }

    byte[] arrivalsSince(long position) {
        return log.since(position);
    }

    void behave(String path, @Nullable Behaviour behaviour) {
        if (behaviour == null) {
            behaviours.remove(path);
        } else {
            behaviours.put(path, behaviour);
        }
    }

    /** Lines of name and number: since the start, but for the most connections at a time, which is since the last look. */
    String stats() {
        String requested = "requests %d%nrequests_http2 %d%nanonymous %d%nsignatures_checked %d%nsignatures_bad %d%n"
                .formatted(
                        requests,
                        overHttp2,
                        anonymous,
                        signatures == null ? 0 : signatures.checked(),
                        signatures == null ? 0 : signatures.bad());
        String connected = "connects %d%n%s %d%n".formatted(connections, Receiver.MOST_CONNECTIONS, mostOpen);
        mostOpen = open;
        return requested + connected;
    }

    private long micros() {
        Instant now = clock.instant();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
    }
}
