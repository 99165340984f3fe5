package io.posthaste.send;

import java.net.InetSocketAddress;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a request goes: a URL taken apart once, strictly, so that nothing later reads it differently (SSRF-7).
 *
 * @param secure whether the scheme is {@code https}
 * @param host ASCII, lower case, no trailing dot; an IP literal in canonical form, without brackets
 * @param port 1 to 65535
 * @param pathAndQuery as it goes on the request line, beginning with a slash; ASCII only
 * @param authorization the value of {@code Authorization} made from the URL's credentials, or null without any (M7)
 * @param address what to dial: unresolved for a name, resolved for an IP literal
 */
public record Target(
        boolean secure,
        String host,
        int port,
        String pathAndQuery,
        @Nullable String authorization,
        InetSocketAddress address) {

    /**
     * Takes a URL apart. A pure function; it never looks a name up.
     *
     * @param url with all templates resolved
     * @param allowPorts ports accepted although browsers refuse them (SSRF-11)
     * @throws InvalidUrlException when the URL cannot or must not be dialled as it is written
     */
    public static Target parse(String url, Set<Integer> allowPorts) {
        return new UrlParser(url, allowPorts).parse();
    }

    /** Names the host for limits, breakers and pools: {@code host:port}. */
    public String hostKey() {
        return bracketed() + ':' + port;
    }

    /** The value of the {@code Host} header: the port only where it is not the scheme's own. */
    public String hostHeader() {
        return port == (secure ? 443 : 80) ? bracketed() : hostKey();
    }

    /** The URL as it may be shown and reported: without credentials (M7). */
    public String withoutCredentials() {
        return (secure ? "https://" : "http://") + hostHeader() + pathAndQuery;
    }

    /** Leaves out path and credentials: query strings hold tokens. */
    @Override
    public String toString() {
        return "Target[" + (secure ? "https" : "http") + ", " + hostKey() + "]";
    }

    private String bracketed() {
        return host.indexOf(':') < 0 ? host : '[' + host + ']';
    }
}
