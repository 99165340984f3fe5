package io.posthaste.send.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.util.NetUtil;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPolicyTest {
    private static final AddressPolicy PUBLIC_ONLY = AddressPolicy.publicOnly();

    /** First and last address of each refused range; the neighbours before and after, where they are public. */
    @ParameterizedTest(name = "{0} to {1}")
    @CsvSource({
        "0.0.0.0,         0.255.255.255,   ,                1.0.0.0",
        "10.0.0.0,        10.255.255.255,  9.255.255.255,   11.0.0.0",
        "100.64.0.0,      100.127.255.255, 100.63.255.255,  100.128.0.0",
        "127.0.0.0,       127.255.255.255, 126.255.255.255, 128.0.0.0",
        "169.254.0.0,     169.254.255.255, 169.253.255.255, 169.255.0.0",
        "172.16.0.0,      172.31.255.255,  172.15.255.255,  172.32.0.0",
        "192.0.0.0,       192.0.0.255,     191.255.255.255, 192.0.1.0",
        "192.0.2.0,       192.0.2.255,     192.0.1.255,     192.0.3.0",
        "192.88.99.0,     192.88.99.255,   192.88.98.255,   192.88.100.0",
        "192.168.0.0,     192.168.255.255, 192.167.255.255, 192.169.0.0",
        "198.18.0.0,      198.19.255.255,  198.17.255.255,  198.20.0.0",
        "198.51.100.0,    198.51.100.255,  198.51.99.255,   198.51.101.0",
        "203.0.113.0,     203.0.113.255,   203.0.112.255,   203.0.114.0",
        "224.0.0.0,       239.255.255.255, 223.255.255.255, ",
        "240.0.0.0,       255.255.255.255, ,                ",
        "168.63.129.16,   168.63.129.16,   168.63.129.15,   168.63.129.17",
        "::,              ::,              ,                ",
        "::1,             ::1,             ,                ",
        "64:ff9b::,       64:ff9b::ffff:ffff,        ,      ",
        "64:ff9b:1::,     64:ff9b:1:ffff:ffff:ffff:ffff:ffff, , ",
        "100::,           100::ffff:ffff:ffff:ffff,  ,      ",
        "1fff:ffff::,     1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, , 2000::",
        "2001::,          2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff, 2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 2001:200::",
        "2001:db8::,      2001:db8:ffff:ffff:ffff:ffff:ffff:ffff, 2001:db7:ffff:ffff:ffff:ffff:ffff:ffff, 2001:db9::",
        "2002::,          2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 2003::",
        "3fff::,          3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff, 3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 3fff:1000::",
        "4000::,          5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, ",
        "fc00::,          fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, , ",
        "fe80::,          febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff, , ",
        "fec0::,          feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, , ",
        "ff00::,          ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, , ",
    })
    void rangesThatAreNotPublicAreRefusedFromEndToEnd(String first, String last, String before, String after) {
        assertThat(permits(PUBLIC_ONLY, first)).as(first).isFalse();
        assertThat(permits(PUBLIC_ONLY, last)).as(last).isFalse();
        if (before != null) {
            assertThat(permits(PUBLIC_ONLY, before)).as(before).isTrue();
        }
        if (after != null) {
            assertThat(permits(PUBLIC_ONLY, after)).as(after).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "00000000000000000000ffff7f000001, false", // ::ffff:127.0.0.1, which the JDK's predicates call harmless
        "00000000000000000000ffff0a000001, false", // ::ffff:10.0.0.1
        "00000000000000000000ffffa9fea9fe, false", // ::ffff:169.254.169.254
        "00000000000000000000ffff08080808, true", // ::ffff:8.8.8.8
        "0000000000000000000000007f000001, false", // ::127.0.0.1
        "000000000000000000000000c0a80001, false", // ::192.168.0.1
        "00000000000000000000000008080808, true", // ::8.8.8.8
        "00000000000000000000000000000002, false", // ::2 is 0.0.0.2
        "0000000000000000ffff000008080808, false", // ::ffff:0:8.8.8.8, translated
        "0064ff9b000000000000000008080808, false", // 64:ff9b::8.8.8.8, NAT64
        "20020808080800000000000000000001, false", // 2002:808:808::1, 6to4
        "20010000000000000000000000000001, false", // 2001::1, Teredo
    })
    void anIpv4AddressInsideAnIpv6AddressIsJudgedOrRefused(String hex, boolean permitted) {
        assertThat(PUBLIC_ONLY.permits(octets(hex), 443)).isEqualTo(permitted);
    }

    @Test
    void anOperatorCanOpenARangeAndDenyBeatsAllow() {
        AddressPolicy policy = policy(List.of("10.0.0.0/8", "fd00::/8"), List.of("10.1.0.0/16", "8.8.8.8"));

        assertThat(permits(policy, "10.0.0.1")).isTrue();
        assertThat(permits(policy, "fd12::1")).isTrue();
        assertThat(permits(policy, "10.1.2.3")).isFalse();
        assertThat(permits(policy, "8.8.8.8")).isFalse();
        assertThat(permits(policy, "::ffff:8.8.8.8")).isFalse();
        assertThat(permits(policy, "11.0.0.1")).isTrue();
        assertThat(permits(policy, "192.168.0.1")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0/0,      127.0.0.1,       false",
        "127.0.0.0/8,    127.0.0.1,       false",
        "127.0.0.1,      127.0.0.1,       true",
        "127.0.0.1/32,   127.0.0.1,       true",
        "127.0.0.1,      127.0.0.2,       false",
        "0.0.0.0/0,      169.254.169.254, false",
        "169.254.169.254,169.254.169.254, true",
        "0.0.0.0/0,      10.0.0.1,        true",
        "::/0,           ::1,             false",
        "::1,            ::1,             true",
        "::/0,           fe80::1,         false",
        "fe80::/10,      fe80::1,         false",
        "fe80::1,        fe80::1,         true",
        "::/0,           fd00::1,         true",
        "0.0.0.0/0,      0.0.0.0,         false",
    })
    void aBroadEntryDoesNotOpenLoopbackOrLinkLocal(String allow, String address, boolean permitted) {
        assertThat(permits(policy(List.of(allow), List.of()), address)).isEqualTo(permitted);
    }

    @Test
    void anEntryWithAPortOpensAndClosesThatPortOnly() {
        AddressPolicy policy =
                policy(List.of("127.0.0.1:8080", "[fd00::/8]:443"), List.of("1.2.3.0/24:25", "[2606::1]:80"));

        assertThat(permits(policy, "127.0.0.1", 8080)).isTrue();
        assertThat(permits(policy, "127.0.0.1", 8081)).isFalse();
        assertThat(permits(policy, "fd00::1", 443)).isTrue();
        assertThat(permits(policy, "fd00::1", 80)).isFalse();
        assertThat(permits(policy, "1.2.3.4", 25)).isFalse();
        assertThat(permits(policy, "1.2.3.4", 80)).isTrue();
        assertThat(permits(policy, "2606::1", 80)).isFalse();
    }

    @Test
    void theGatewaysOwnPortsNeedAnEntryOfTheirOwn() {
        AddressPolicy loopback = AddressPolicy.of(List.of("127.0.0.1"), List.of(), List.of(8080));
        AddressPolicy exact = AddressPolicy.of(List.of("127.0.0.1:8080"), List.of(), List.of(8080));

        assertThat(permits(loopback, "127.0.0.1", 8080)).isFalse();
        assertThat(permits(loopback, "127.0.0.1", 9090)).isTrue();
        assertThat(permits(exact, "127.0.0.1", 8080)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "host",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.1/8",
                "10.0.0",
                "fe80::1%eth0",
                "10.0.0.0/8:0",
                "10.0.0.0/8:65536",
                "[::1",
                "[::1]:x",
                "::1/129",
                "fd00::1/8",
                "10.0.0.0/",
                "/8"
            })
    void anEntryThatCannotBeReadIsNamed(String entry) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> policy(List.of(entry), List.of()))
                .withMessageContaining("'" + entry + "'");
    }

    private static AddressPolicy policy(List<String> allow, List<String> deny) {
        return AddressPolicy.of(allow, deny, List.of());
    }

    private static boolean permits(AddressPolicy policy, String address) {
        return permits(policy, address, 443);
    }

    private static boolean permits(AddressPolicy policy, String address, int port) {
        return policy.permits(Objects.requireNonNull(NetUtil.createByteArrayFromIpAddressString(address)), port);
    }

    private static byte[] octets(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.0/8, true",
        "127.0.0.0/8:9000, true",
        "127.0.0.1/32, false",
        "169.254.0.0/16, true",
        "fe80::/64, true",
        "10.0.0.0/8, false",
        "fd00::/8, false",
    })
    void anEntryThatOpensNothingIsToldOf(String entry, boolean withoutEffect) {
        assertThat(AddressPolicy.isWithoutEffect(entry)).isEqualTo(withoutEffect);
    }
}
