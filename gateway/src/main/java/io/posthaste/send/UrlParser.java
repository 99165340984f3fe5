package io.posthaste.send;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Set;

/** One pass over one URL: splits it, refuses what two parsers could read differently, rebuilds the parts (SSRF-7). */
final class UrlParser {
    private static final int LONGEST_URL = 8192;
    private static final String HEX = "0123456789ABCDEF";
    /** RFC 3986 {@code pchar} and the slash; escapes are checked apart. */
    private static final BitSet PATH = characters("-._~!$&'()*+,;=:@/%");
    /** What java.net.URI and browsers both leave alone in a query. */
    private static final BitSet QUERY = characters("-._~!$&'()*+,;=:@/%?[]");

    private final String url;
    private final Set<Integer> allowPorts;

    UrlParser(String url, Set<Integer> allowPorts) {
        this.url = url;
        this.allowPorts = allowPorts;
    }

    Target parse() {
        requireSafeCharacters();
        boolean secure = url.regionMatches(true, 0, "https://", 0, 8);
        if (!secure && !url.regionMatches(true, 0, "http://", 0, 7)) {
            throw new InvalidUrlException("URL must begin with http:// or https://");
        }
        int start = secure ? 8 : 7;
        int end = endOfAuthority(start);
        refuseSlashInCredentials(end);
        int at = url.lastIndexOf('@', end - 1);
        // The last @ wins, as in browsers, so that an e-mail address works as a user name (M10).
        String credentials = at < start ? null : url.substring(start, at);
        int hostStart = at < start ? start : at + 1;
        int colon = portColon(hostStart, end);
        Host host = Host.parse(url.substring(hostStart, colon));
        int port = colon == end ? (secure ? 443 : 80) : port(colon + 1, end);
        return new Target(
                secure,
                host.name(),
                port,
                pathAndQuery(end),
                credentials == null ? null : Credentials.basic(credentials),
                host.at(port));
    }

    private void requireSafeCharacters() {
        if (url.length() > LONGEST_URL) {
            throw new InvalidUrlException("URL is longer than " + LONGEST_URL + " bytes");
        }
        for (int i = 0; i < url.length(); i++) {
            char c = url.charAt(i);
            if (c <= ' ' || c == 0x7F) {
                throw new InvalidUrlException(
                        "URL contains %s at position %d; write {{ value | url_encode }}".formatted(nameOf(c), i + 1));
            }
            if (c == '\\') {
                throw new InvalidUrlException("URL contains a backslash at position " + (i + 1));
            }
            if (c == '%') {
                requireEscape(i);
            }
        }
    }

    private void requireEscape(int percent) {
        if (percent + 2 >= url.length() || !isHex(url.charAt(percent + 1)) || !isHex(url.charAt(percent + 2))) {
            throw new InvalidUrlException("URL contains a % without two hex digits at position " + (percent + 1));
        }
    }

    private int endOfAuthority(int start) {
        for (int i = start; i < url.length(); i++) {
            char c = url.charAt(i);
            if (c == '/' || c == '?' || c == '#') {
                return i;
            }
        }
        return url.length();
    }

    /** A slash in the credentials ends the authority: the request would go to the host before it (M10). */
    private void refuseSlashInCredentials(int path) {
        int end = path;
        while (end < url.length() && url.charAt(end) != '?' && url.charAt(end) != '#') {
            end++;
        }
        int colon = url.indexOf(':', path);
        if (colon >= 0 && colon < url.lastIndexOf('@', end - 1)) {
            throw new InvalidUrlException(
                    "URL path contains ':' followed by '@'; write %2F for a slash in user or password, %40 for an @ in the path");
        }
    }

    private int portColon(int start, int end) {
        int from = start < end && url.charAt(start) == '[' ? url.indexOf(']', start) : start;
        int colon = from < 0 ? -1 : url.indexOf(':', from);
        return colon < 0 || colon > end ? end : colon;
    }

    private int port(int start, int end) {
        int port = 0;
        for (int i = start; i < end; i++) {
            char c = url.charAt(i);
            if (c < '0' || c > '9' || i - start == 5) {
                throw new InvalidUrlException("URL port must be a number from 1 to 65535");
            }
            port = port * 10 + (c - '0');
        }
        if (port < 1 || port > 65535) {
            throw new InvalidUrlException("URL port must be a number from 1 to 65535");
        }
        if (BadPorts.contains(port) && !allowPorts.contains(port)) {
            throw new InvalidUrlException("URL port " + port + " belongs to another protocol and is refused");
        }
        return port;
    }

    private String pathAndQuery(int start) {
        int fragment = url.indexOf('#', start);
        // A fragment never goes on the wire.
        String text = url.substring(start, fragment < 0 ? url.length() : fragment);
        if (text.isEmpty()) {
            return "/";
        }
        int illegal = firstOutside(text);
        String encoded = illegal < 0 ? text : encodeNonAscii(text, start);
        return encoded.charAt(0) == '/' ? encoded : '/' + encoded;
    }

    private static int firstOutside(String text) {
        BitSet legal = PATH;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '?') {
                legal = QUERY;
            }
            if (!legal.get(c)) {
                return i;
            }
        }
        return -1;
    }

    /** Non-ASCII text is sent as percent-encoded UTF-8, as browsers do (REQ-5); other strays are refused. */
    private String encodeNonAscii(String text, int offset) {
        ByteBuffer utf8 = utf8(text);
        StringBuilder encoded = new StringBuilder(text.length() + 32);
        BitSet legal = PATH;
        while (utf8.hasRemaining()) {
            int octet = utf8.get() & 0xFF;
            legal = octet == '?' ? QUERY : legal;
            if (octet >= 0x80) {
                encoded.append('%').append(HEX.charAt(octet >> 4)).append(HEX.charAt(octet & 15));
            } else if (legal.get(octet)) {
                encoded.append((char) octet);
            } else {
                throw new InvalidUrlException("URL contains '%c', which must be percent-encoded, at position %d"
                        .formatted(octet, offset + text.indexOf(octet) + 1));
            }
        }
        if (encoded.length() > LONGEST_URL) {
            throw new InvalidUrlException("URL is longer than " + LONGEST_URL + " bytes");
        }
        return encoded.toString();
    }

    private static ByteBuffer utf8(String text) {
        try {
            return StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
        } catch (CharacterCodingException e) {
            throw new InvalidUrlException("URL contains half a surrogate pair");
        }
    }

    private static String nameOf(char c) {
        return c == ' ' ? "a space" : "the control character U+%04X".formatted((int) c);
    }

    static boolean isHex(char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    }

    private static BitSet characters(String marks) {
        BitSet set = new BitSet(128);
        set.set('0', '9' + 1);
        set.set('a', 'z' + 1);
        set.set('A', 'Z' + 1);
        marks.chars().forEach(set::set);
        return set;
    }
}
