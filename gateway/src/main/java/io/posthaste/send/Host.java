package io.posthaste.send;

import io.netty.util.NetUtil;
import java.net.IDN;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The host of a URL in its one canonical spelling (SSRF-7 to SSRF-9).
 *
 * @param name ASCII, lower case, no trailing dot, no brackets
 * @param literal the address when the host is an IP literal, null for a name
 */
record Host(String name, @Nullable InetAddress literal) {
    private static final Pattern IPV4 = Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?:\\.(?!$)|$)){4}");
    private static final Pattern NUMBER = Pattern.compile("\\d+|0x[0-9a-f]*");
    /** Mapped to other letters by the older IDNA and kept by the newer: two resolvers would ask for two names. */
    private static final Pattern AMBIGUOUS = Pattern.compile("[\\u00DF\\u03C2\\u200C\\u200D]");

    /** @throws InvalidUrlException when the host is neither a DNS name nor a canonical IP literal */
    static Host parse(String text) {
        if (text.startsWith("[")) {
            return ipv6(text);
        }
        String name = withoutTrailingDot(toAscii(text));
        requireName(name);
        String last = name.substring(name.lastIndexOf('.') + 1);
        if (isDigit(last.charAt(0)) && NUMBER.matcher(last).matches()) {
            return ipv4(name);
        }
        if (last.equals("localhost")) {
            throw new InvalidUrlException(
                    "URL host localhost is refused; write 127.0.0.1 and allow that address if it is meant");
        }
        return new Host(name, null);
    }

    InetSocketAddress at(int port) {
        return literal == null ? InetSocketAddress.createUnresolved(name, port) : new InetSocketAddress(literal, port);
    }

    private static Host ipv4(String name) {
        if (!IPV4.matcher(name).matches()) {
            throw new InvalidUrlException(
                    "URL host looks like an IPv4 address but is not four decimal numbers 0 to 255");
        }
        return literal(name);
    }

    private static Host ipv6(String text) {
        // Only these characters: a zone id would be dropped in silence later (F3).
        boolean closed = text.length() > 2 && text.indexOf(']') == text.length() - 1;
        String address = closed ? text.substring(1, text.length() - 1) : "";
        if (!address.matches("[0-9a-fA-F:.]+") || !NetUtil.isValidIpV6Address(address)) {
            throw new InvalidUrlException("URL host in brackets must be an IPv6 address without a zone");
        }
        return literal(address);
    }

    private static Host literal(String text) {
        try {
            byte[] octets = NetUtil.createByteArrayFromIpAddressString(text);
            // An IPv4-mapped address becomes IPv4 here: one address, one spelling.
            InetAddress address = InetAddress.getByAddress(octets);
            return new Host(NetUtil.toAddressString(address), address);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String toAscii(String text) {
        if (isAscii(text)) {
            return text.toLowerCase(Locale.ROOT);
        }
        if (AMBIGUOUS.matcher(text).find()) {
            throw new InvalidUrlException(
                    "URL host has a letter that IDNA versions read differently; write the xn-- form");
        }
        try {
            return IDN.toASCII(text, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            throw new InvalidUrlException("URL host is not a valid international domain name");
        }
    }

    private static String withoutTrailingDot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    private static void requireName(String name) {
        if (name.isEmpty()) {
            throw new InvalidUrlException("URL has no host");
        }
        if (name.length() > 253) {
            throw new InvalidUrlException("URL host is longer than 253 characters");
        }
        int labelStart = 0;
        for (int i = 0; i <= name.length(); i++) {
            if (i == name.length() || name.charAt(i) == '.') {
                requireLabel(i - labelStart);
                labelStart = i + 1;
            } else if (!isNameCharacter(name.charAt(i))) {
                throw new InvalidUrlException("URL host may contain letters, digits, '-', '_' and '.' only");
            }
        }
    }

    private static void requireLabel(int length) {
        if (length < 1 || length > 63) {
            throw new InvalidUrlException("URL host has a label that is empty or longer than 63 characters");
        }
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    private static boolean isNameCharacter(char c) {
        return (c >= 'a' && c <= 'z') || isDigit(c) || c == '-' || c == '_';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
