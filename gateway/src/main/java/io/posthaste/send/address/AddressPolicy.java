package io.posthaste.send.address;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which addresses may be dialled (SSRF-1 to SSRF-4, SSRF-12). Octets are compared with prefixes; the predicates of
 * {@link java.net.InetAddress} miss most special ranges and every embedded IPv4 address.
 *
 * <p>The order of judgement: an address that hides an IPv4 address is judged as that; the operator's deny list; the
 * operator's allow list; public unicast addresses. Loopback and link-local addresses are opened only by an entry for
 * that one address, the gateway's own ports only by an entry for that address and port.
 */
public final class AddressPolicy {
    private static final List<AddressRange> DENIED_IPV4 = ranges(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            // A cloud host's own services behind a public address: no list of special ranges has it (SSRF-4).
            "168.63.129.16/32");
    private static final AddressRange GLOBAL_IPV6 = AddressRange.parse("2000::/3");
    private static final List<AddressRange> DENIED_IPV6 =
            ranges("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20");
    private static final List<AddressRange> EXACT_ONLY =
            ranges("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "::/127", "fe80::/10");

    private final List<AddressRange> allow;
    private final List<AddressRange> deny;
    private final Set<Integer> ownPorts;

    private AddressPolicy(List<AddressRange> allow, List<AddressRange> deny, Set<Integer> ownPorts) {
        this.allow = allow;
        this.deny = deny;
        this.ownPorts = ownPorts;
    }

    /**
     * @param allow addresses and CIDRs, optionally with a port, that may be dialled though they are not public
     * @param deny addresses and CIDRs, optionally with a port, that are never dialled
     * @param ownPorts ports the gateway and its embedded services listen on
     * @throws IllegalArgumentException naming the entry that cannot be read
     */
    public static AddressPolicy of(Collection<String> allow, Collection<String> deny, Collection<Integer> ownPorts) {
        return new AddressPolicy(
                ranges(allow.toArray(String[]::new)), ranges(deny.toArray(String[]::new)), Set.copyOf(ownPorts));
    }

    /** Whether an entry of the allow list opens nothing: ranges of loopback and link-local addresses do not. */
    public static boolean isWithoutEffect(String allowed) {
        AddressRange range = AddressRange.parse(allowed);
        return !range.isExact() && anyContains(EXACT_ONLY, range.network(), range.port());
    }

    /** Only public addresses. */
    public static AddressPolicy publicOnly() {
        return of(List.of(), List.of(), List.of());
    }

    /** @param address resolved */
    public boolean permits(InetSocketAddress address) {
        return permits(address.getAddress().getAddress(), address.getPort());
    }

    /** @param ip 4 or 16 octets, as they would be dialled */
    public boolean permits(byte[] ip, int port) {
        byte[] address = canonical(ip);
        if (anyContains(deny, address, port)) {
            return false;
        }
        return isPublic(address) || allow.stream().anyMatch(entry -> opens(entry, address, port));
    }

    /** The IPv4 octets inside an IPv4-mapped or IPv4-compatible address; any other address as it is (SSRF-3). */
    static byte[] canonical(byte[] ip) {
        boolean embeds = ip.length == 16 && isZero(ip, 0, 10) && (isMapped(ip) || isCompatible(ip));
        return embeds ? Arrays.copyOfRange(ip, 12, 16) : ip;
    }

    private boolean opens(AddressRange entry, byte[] address, int port) {
        if (!entry.contains(address, port)) {
            return false;
        }
        boolean wideEnough = entry.isExact() || !anyContains(EXACT_ONLY, address, port);
        return wideEnough && (!ownPorts.contains(port) || (entry.isExact() && entry.port() == port));
    }

    private static boolean isPublic(byte[] address) {
        return address.length == 4
                ? !anyContains(DENIED_IPV4, address, 0)
                : GLOBAL_IPV6.contains(address, 0) && !anyContains(DENIED_IPV6, address, 0);
    }

    private static boolean isMapped(byte[] ip) {
        return ip[10] == (byte) 0xFF && ip[11] == (byte) 0xFF;
    }

    /** All of ::/96 except :: and ::1, which are addresses of their own. */
    private static boolean isCompatible(byte[] ip) {
        return isZero(ip, 10, 12) && !(isZero(ip, 12, 15) && (ip[15] == 0 || ip[15] == 1));
    }

    private static boolean isZero(byte[] ip, int from, int to) {
        for (int i = from; i < to; i++) {
            if (ip[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean anyContains(List<AddressRange> ranges, byte[] address, int port) {
        return ranges.stream().anyMatch(range -> range.contains(address, port));
    }

    private static List<AddressRange> ranges(String... texts) {
        return Stream.of(texts).map(AddressRange::parse).toList();
    }
}
