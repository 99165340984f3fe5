package io.posthaste.send.address;

import io.netty.util.NetUtil;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Addresses that share their first bits, with one port or with all.
 *
 * @param network 4 or 16 octets, zero after the first {@code bits}; never modified after construction
 * @param bits how many leading bits decide
 * @param port 1 to 65535, or 0 for every port
 */
public record AddressRange(byte[] network, int bits, int port) {
    private static final Pattern BRACKETED = Pattern.compile("\\[([^\\]]+)](?::(\\d{1,5}))?");
    private static final Pattern IPV4 = Pattern.compile("([0-9./]+)(?::(\\d{1,5}))?");

    /**
     * Reads {@code 10.0.0.0/8}, {@code 127.0.0.1:8080}, {@code ::1}, {@code fd00::/8} or {@code [fd00::/8]:443}.
     *
     * @throws IllegalArgumentException when the text is none of these or has bits set beyond the prefix
     */
    static AddressRange parse(String text) {
        Matcher matcher = text.startsWith("[") ? BRACKETED.matcher(text) : IPV4.matcher(text);
        if (matcher.matches()) {
            return of(text, matcher.group(1), matcher.group(2) == null ? 0 : port(text, matcher.group(2)));
        }
        return of(text, text, 0);
    }

    /** @param address 4 or 16 octets */
    boolean contains(byte[] address, int port) {
        if (address.length != network.length || (this.port != 0 && this.port != port)) {
            return false;
        }
        int whole = bits / 8;
        int mask = 0xFF00 >> bits % 8 & 0xFF;
        return Arrays.equals(address, 0, whole, network, 0, whole)
                && (mask == 0 || (address[whole] & mask) == (network[whole] & mask));
    }

    /** Whether it names one address only. */
    boolean isExact() {
        return bits == network.length * 8;
    }

    private static AddressRange of(String text, String cidr, int port) {
        int slash = cidr.indexOf('/');
        String address = slash < 0 ? cidr : cidr.substring(0, slash);
        byte[] octets = address.indexOf('%') < 0 ? NetUtil.createByteArrayFromIpAddressString(address) : null;
        if (octets == null) {
            throw invalid(text, "an address or CIDR, optionally with a port");
        }
        byte[] network = AddressPolicy.canonical(octets);
        int bits = slash < 0 ? network.length * 8 : bits(text, cidr.substring(slash + 1), network.length * 8);
        if (!Arrays.equals(masked(network, bits), network)) {
            throw invalid(text, "no bits set beyond the prefix");
        }
        return new AddressRange(network, bits, port);
    }

    private static byte[] masked(byte[] network, int bits) {
        byte[] masked = network.clone();
        for (int bit = bits; bit < masked.length * 8; bit++) {
            masked[bit / 8] &= (byte) ~(0x80 >> bit % 8);
        }
        return masked;
    }

    private static int bits(String text, String digits, int most) {
        int bits = digits.matches("\\d{1,3}") ? Integer.parseInt(digits) : -1;
        if (bits < 0 || bits > most) {
            throw invalid(text, "a prefix length of 0 to " + most);
        }
        return bits;
    }

    private static int port(String text, String digits) {
        int port = Integer.parseInt(digits);
        if (port < 1 || port > 65535) {
            throw invalid(text, "a port from 1 to 65535");
        }
        return port;
    }

    private static IllegalArgumentException invalid(String text, String wanted) {
        return new IllegalArgumentException(
                "send.allow-addresses and send.deny-addresses: '" + text + "' needs " + wanted);
    }

    @Override
    public String toString() {
        return NetUtil.bytesToIpAddress(network) + "/" + bits + (port == 0 ? "" : ":" + port);
    }
}
