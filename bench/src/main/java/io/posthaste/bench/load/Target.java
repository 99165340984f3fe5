package io.posthaste.bench.load;

import io.posthaste.bench.load.drive.Workload;
import java.net.URI;

/**
 * Where the jobs are sent.
 *
 * @param base the receiver
 * @param hosts addresses of this machine that the actions are dealt to, so that each is a host of its own; 1 for the
 *     receiver's own
 */
record Target(URI base, int hosts) {
    /** As many as {@link #host} has names for. */
    static final int MOST_HOSTS = 60_000;

    String url(int action) {
        URI url = base.resolve(Workload.path(action));
        return hosts == 1 ? url.toString() : url.toString().replace(base.getHost(), host(action % hosts));
    }

    /** What the gateway may dial, as its setting takes it. */
    String allowed() {
        int port = base.getPort() >= 0 ? base.getPort() : "https".equals(base.getScheme()) ? 443 : 80;
        return (hosts == 1 ? base.getHost() + "/32:" : "127.1.0.0/16:") + port;
    }

    private static String host(int number) {
        return "127.1." + number / 250 + "." + (number % 250 + 1);
    }
}
