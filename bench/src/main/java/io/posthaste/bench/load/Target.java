package io.posthaste.bench.load;

import io.posthaste.bench.load.drive.Workload;
import io.posthaste.bench.load.process.ReceiverProcess;
import java.net.URI;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Where the jobs are sent.
 *
 * @param base the receiver
 * @param hosts addresses of this machine that the actions are dealt to, so that each is a host of its own; 1 for the
 *     receiver's own
 */
record Target(URI base, int hosts) {
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
