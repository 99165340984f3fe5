package io.posthaste.bench.load;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.posthaste.bench.load.drive.Workload;
import io.posthaste.bench.load.process.LoadException;
import io.posthaste.bench.load.process.ReceiverProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the jobs are sent.
 *
 * @param base the receiver
 * @param hosts addresses of this machine that the actions are dealt to, so that each is a host of its own; 1 for the
 *     receiver's own
 * @param connection by which they are reached; null for as everybody is
 */
record Target(URI base, int hosts, @Nullable Connection connection) {
    Target(URI base, int hosts) {
        this(base, hosts, null);
    }

    /**
     * A connection of the gateway.
     *
     * @param ca what it believes instead of the system's authorities, PEM
     */
    record Connection(String ca, boolean http2) {
        static final String NAME = "receiver";

        static Connection of(Path ca, boolean http2) {
            try {
                return new Connection(Files.readString(ca), http2);
            } catch (IOException e) {
                throw new LoadException("cannot read " + ca, e);
            }
        }

        /** As the HTTP API takes it. */
        String json() {
            return JsonNodeFactory.instance
                    .objectNode()
                    .put("ca", ca)
                    .put("http2", http2)
                    .toString();
        }

        @Override
        public String toString() {
            return http2 ? "HTTP/2" : "HTTP/1.1";
        }
    }

    Target by(Connection other) {
        return new Target(base, hosts, other);
    }

    String url(int action) {
        URI url = base.resolve(Workload.path(action));
        return hosts == 1
                ? url.toString()
                : url.toString().replace(base.getHost(), ReceiverProcess.host(action % hosts));
    }

    /** What the gateway may dial, as its setting takes it. */
    String allowed() {
        int port = base.getPort() >= 0 ? base.getPort() : "https".equals(base.getScheme()) ? 443 : 80;
        Stream<String> addresses = hosts == 1
                ? Stream.of(base.getHost())
                : IntStream.range(0, hosts).mapToObj(ReceiverProcess::host);
        return addresses.map(address -> address + "/32:" + port).collect(Collectors.joining(","));
    }
}
