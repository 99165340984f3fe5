package io.posthaste.http;

import io.posthaste.http.ApiProblem.Kind;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which {@code Host} a request may name: without this, a page on any web site could reach a gateway on loopback by
 * letting its own name point there (ADM-3).
 */
public final class HostRule {
    private final Set<String> allowed = new HashSet<>();

    /**
     * @param host the address that is listened on
     * @param port as bound
     * @param more configured values; one without a port also stands for the name with the bound port
     */
    public HostRule(String host, int port, List<String> more) {
        String address = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
        for (String name : List.of(address, "localhost", "127.0.0.1", "[::1]")) {
            allow(name, port);
        }
        for (String name : more) {
            allowed.add(name.toLowerCase(Locale.ROOT));
            allow(name, port);
        }
    }

    private void allow(String name, int port) {
        String plain = name.toLowerCase(Locale.ROOT);
        allowed.add(plain + ":" + port);
        if (port == 80) {
            allowed.add(plain);
        }
    }

    /** {@link ApiProblem} 400 unless there is exactly one, 421 unless it is ours. */
    void check(List<String> hosts) {
        if (hosts.size() != 1) {
            throw new ApiProblem(Kind.BAD_REQUEST, "send exactly one Host header");
        }
        if (!allowed.contains(hosts.getFirst().toLowerCase(Locale.ROOT))) {
            throw new ApiProblem(Kind.MISDIRECTED_REQUEST, "this Host is not served here; see admin.allowed-hosts");
        }
    }
}
