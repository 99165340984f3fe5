package io.posthaste.boot;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** What a process is called among those of its keyspace: where it runs, and something that no other has. */
final class GatewayName {
    private static final int MOST = 63;

    private GatewayName() {}

    /** {@code host-1a2b3c4d}: the host as its environment names it, in containers the pod. */
    static String create(RandomGenerator random) {
        String host = System.getenv().getOrDefault("HOSTNAME", "gateway").replaceAll("[^A-Za-z0-9.-]", "");
        String short63 = host.length() > MOST ? host.substring(0, MOST) : host;
        return (short63.isEmpty() ? "gateway" : short63) + "-" + HexFormat.of().toHexDigits(random.nextInt());
    }
}
