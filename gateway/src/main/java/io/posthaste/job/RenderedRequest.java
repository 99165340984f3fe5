package io.posthaste.job;

import java.util.List;
import java.util.Locale;

/**
 * A request with all templates resolved, not yet signed. Frozen on the first retry: every later attempt
 * sends these bytes (M26).
 *
 * @param method upper-case HTTP method
 * @param url as rendered, credentials included; checked again before each dial
 * @param headers the action's own headers in order; the gateway adds the automatic ones (M18)
 * @param body the exact octets of the body, empty for none; never modified after construction
 * @param secrets the secrets it was rendered with: it is kept sealed and shown without them
 */
public record RenderedRequest(String method, String url, List<Header> headers, byte[] body, SecretValues secrets) {
    /** A request without secrets. */
    public RenderedRequest(String method, String url, List<Header> headers, byte[] body) {
        this(method, url, headers, body, SecretValues.NONE);
    }

    /** The same request, which holds these secrets. */
    public RenderedRequest renderedWith(SecretValues used) {
        return new RenderedRequest(method, url, headers, body, used);
    }

    /** The receiver's host in lower case, without user or port; empty when the URL names none. */
    public String host() {
        int start = url.indexOf("://") + 3;
        if (start < 3) {
            return "";
        }
        int end = start;
        int from = start;
        while (end < url.length() && "/?#\\".indexOf(url.charAt(end)) < 0) {
            from = url.charAt(end) == '@' ? end + 1 : from;
            end++;
        }
        String authority = url.substring(from, end);
        int port = authority.lastIndexOf(':');
        boolean isPort = port > authority.lastIndexOf(']');
        return (isPort ? authority.substring(0, port) : authority).toLowerCase(Locale.ROOT);
    }

    /** Leaves out URL, header values and body: they carry customers' data and credentials. */
    @Override
    public String toString() {
        return "RenderedRequest[" + method + ", " + headers.size() + " headers, " + body.length + " bytes]";
    }
}
