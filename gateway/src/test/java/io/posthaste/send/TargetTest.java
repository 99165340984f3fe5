package io.posthaste.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "http://example.com                      | example.com:80             | example.com            | /",
                "https://example.com                     | example.com:443            | example.com            | /",
                "HTTPS://EXAMPLE.com/Path?Q=A            | example.com:443            | example.com            | /Path?Q=A",
                "https://example.com:8443/a              | example.com:8443           | example.com:8443       | /a",
                "http://example.com:443/                 | example.com:443            | example.com:443        | /",
                "https://example.com:80/                 | example.com:80             | example.com:80         | /",
                "https://example.com./a                  | example.com:443            | example.com            | /a",
                "https://example.com?x=1                 | example.com:443            | example.com            | /?x=1",
                "https://example.com/a#part              | example.com:443            | example.com            | /a",
                "https://example.com#@evil.test          | example.com:443            | example.com            | /",
                "https://a_b.example.com/                | a_b.example.com:443        | a_b.example.com        | /",
                "https://münchen.example/                | xn--mnchen-3ya.example:443 | xn--mnchen-3ya.example | /",
                "https://MÜNCHEN.example/                | xn--mnchen-3ya.example:443 | xn--mnchen-3ya.example | /",
                "https://例え。テスト/                     | xn--r8jz45g.xn--zckzah:443 | xn--r8jz45g.xn--zckzah | /",
                "https://example.com/ä?ö=€               | example.com:443            | example.com            | /%C3%A4?%C3%B6=%E2%82%AC",
                "https://example.com/%e4/%2F?a=[1]&b=a/b | example.com:443            | example.com            | /%e4/%2F?a=[1]&b=a/b",
                "https://example.com//double/../a        | example.com:443            | example.com            | //double/../a",
                "https://example.com/?t=12:30&m=a@b.c    | example.com:443            | example.com            | /?t=12:30&m=a@b.c",
                "https://example.com/users/a@b.c         | example.com:443            | example.com            | /users/a@b.c",
                "http://8.8.8.8/                         | 8.8.8.8:80                 | 8.8.8.8                | /",
                "http://8.8.8.8./                        | 8.8.8.8:80                 | 8.8.8.8                | /",
                "http://8.8.8.8:8080/                    | 8.8.8.8:8080               | 8.8.8.8:8080           | /",
                "http://[2606:4700:0:0::1111]/           | [2606:4700::1111]:80       | [2606:4700::1111]      | /",
                "http://[2606:4700::ABCD]:8080/          | [2606:4700::abcd]:8080     | [2606:4700::abcd]:8080 | /",
                "http://[::ffff:8.8.8.8]/                | 8.8.8.8:80                 | 8.8.8.8                | /",
                "http://１２７.０.０.１/                    | 127.0.0.1:80               | 127.0.0.1              | /",
                "http://1.2.3.4.example/                 | 1.2.3.4.example:80         | 1.2.3.4.example        | /",
                "http://0x7f.example/                    | 0x7f.example:80            | 0x7f.example           | /",
                "http://notlocalhost/                    | notlocalhost:80            | notlocalhost           | /",
            })
    void aUrlIsTakenApart(String url, String key, String hostHeader, String pathAndQuery) {
        Target target = parse(url);

        assertThat(target.hostKey()).isEqualTo(key);
        assertThat(target.hostHeader()).isEqualTo(hostHeader);
        assertThat(target.pathAndQuery()).isEqualTo(pathAndQuery);
        assertThat(target.authorization()).isNull();
        assertThat(target.address().getPort()).isEqualTo(target.port());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "https://us%20er:p%40ss%2Fw%3Ard@h.test/          | h.test:443           | us er:p@ss/w:rd",
                "https://user:pass@api.example.com                | api.example.com:443  | user:pass",
                "https://key@h.test/                              | h.test:443           | key:",
                "https://key:@h.test/                             | h.test:443           | key:",
                "https://:pw@h.test/                              | h.test:443           | :pw",
                "https://agent@acme.com:pw@acme.zendesk.com/      | acme.zendesk.com:443 | agent@acme.com:pw",
                "https://agent@acme.com%2Ftoken:T@z.test/api      | z.test:443           | agent@acme.com/token:T",
                "https://a:b:c@h.test/                            | h.test:443           | a:b:c",
                "https://clé:✓@h.test/                            | h.test:443           | clé:✓",
                "https://%C3%A9:%E2%9C%93@h.test:8080/x?y=1       | h.test:8080          | é:✓",
                "http://127.0.0.1:80@h.test/                      | h.test:80            | 127.0.0.1:80",
                "http://a[b]{c}:d@h.test/                         | h.test:80            | a[b]{c}:d",
            })
    void credentialsBecomeBasicAuthentication(String url, String key, String pair) {
        Target target = parse(url);

        assertThat(target.hostKey()).isEqualTo(key);
        assertThat(decoded(target)).isEqualTo(pair);
        assertThat(target.toString() + target.withoutCredentials()).doesNotContain("@");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://@h.test/", "https://:@h.test/"})
    void emptyCredentialsAreNone(String url) {
        assertThat(parse(url).authorization()).isNull();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "|must begin with http",
                "ftp://h.test/|must begin with http",
                "//h.test/|must begin with http",
                "http:/h.test/|must begin with http",
                "http:h.test|must begin with http",
                "https:///path|no host",
                "http://|no host",
                "http://?x|no host",
                "http://:80/|no host",
                "http://user:pw@/|no host",
                "http://./|no host",
                " http://h.test/|a space at position 1",
                "http://h.test/a b|a space at position 16",
                "http://h.test/a\tb|U+0009",
                "http://h.test/a\u0000b|U+0000",
                "http://h.test/a\u007Fb|U+007F",
                "http://h.test\\@evil.test/|backslash",
                "http://h.test/%|% without two hex digits",
                "http://h.test/%4|% without two hex digits",
                "http://h.test/%zz|% without two hex digits",
                "http://%zz@h.test/|% without two hex digits",
                "http://exa%6Dple.com/|letters, digits",
                "http://h.test/\"|percent-encoded",
                "http://h.test/a{b}|percent-encoded",
                "http://h.test/<b>|percent-encoded",
                "http://h.test/?q=a^b|percent-encoded",
                "http://h.test/[a]|percent-encoded",
                "http://h.test/\uD800|surrogate",
                "https://agent@acme.com/token:T@acme.zendesk.com/|write %2F",
                "https://user/x:secret@h.test/|write %2F",
                "http://a..b/|empty",
                "http://.a/|empty",
                "http://a../|empty",
                "http://a b/|space",
                "http://a!b/|letters, digits",
                "http://a,b/|letters, digits",
                "http://h℀.test/|letters, digits",
                "http://faß.de/|IDNA",
                "http://a\u200Db.test/|IDNA",
                "http://localhost/|localhost is refused",
                "http://LOCALHOST./|localhost is refused",
                "http://a.localhost/|localhost is refused",
                "http://127.1/|IPv4",
                "http://127.0.1/|IPv4",
                "http://2130706433/|IPv4",
                "http://0/|IPv4",
                "http://192.168.257/|IPv4",
                "http://0177.0.0.1/|IPv4",
                "http://010.8.8.8/|IPv4",
                "http://127.0.0.01/|IPv4",
                "http://0x7f.0.0.1/|IPv4",
                "http://0x7f000001/|IPv4",
                "http://127.0.0.0x1/|IPv4",
                "http://127.0.0.0x/|IPv4",
                "http://256.0.0.1/|IPv4",
                "http://1.2.3.4.5/|IPv4",
                "http://a.b.1/|IPv4",
                "http://１２７.１/|IPv4",
                "http://[::1/|brackets",
                "http://::1/|no host",
                "http://[::1%25eth0]/|brackets",
                "http://[fe80::1%eth0]/|hex digits",
                "http://[::1]x/|brackets",
                "http://[]/|brackets",
                "http://[1.2.3.4]/|brackets",
                "http://[v1.a]/|brackets",
                "http://[1:2:3]/|brackets",
                "http://[12345::]/|brackets",
                "http://h.test:/|1 to 65535",
                "http://h.test:0/|1 to 65535",
                "http://h.test:65536/|1 to 65535",
                "http://h.test:123456/|1 to 65535",
                "http://h.test:-1/|1 to 65535",
                "http://h.test:80a/|1 to 65535",
                "http://h.test:80:80/|1 to 65535",
                "http://h.test:22/|port 22",
                "http://h.test:25/|port 25",
                "http://h.test:6667/|port 6667",
                "https://h.test:10080/|port 10080",
            })
    void aUrlThatTwoParsersCouldReadDifferentlyIsRefused(String url, String problem) {
        assertThatExceptionOfType(InvalidUrlException.class)
                .isThrownBy(() -> parse(Objects.requireNonNullElse(url, "")))
                .satisfies(refused ->
                        assertThat(refused.problem()).contains(problem).doesNotContain("\n"));
    }

    @Test
    void lineEndsNeverReachARequestLine() {
        refuse("http://h.test/a\rb", "U+000D");
        refuse("http://h.test/a\nb", "U+000A");
        refuse("http://h.test\r\nX: y/", "U+000D");
        refuse("http://us\ner@h.test/", "U+000A");
    }

    @Test
    void lengthsEndWhereTheySay() {
        String label = "a".repeat(63);
        String name = label + "." + label + "." + label + "." + "a".repeat(61);

        assertThat(parse("http://" + name + "/").host()).hasSize(253);
        refuse("http://" + name + "a/", "longer than 253");
        refuse("http://" + label + "a.test/", "longer than 63");
        assertThat(parse("http://h.test/" + "a".repeat(8192 - 14)).pathAndQuery())
                .hasSize(8192 - 13);
        refuse("http://h.test/" + "a".repeat(8193 - 14), "longer than 8192");
        refuse("http://h.test/" + "€".repeat(1000), "longer than 8192");
    }

    @Test
    void anOperatorCanOpenABrowserRefusedPort() {
        assertThat(Target.parse("http://h.test:6000/", Set.of(6000)).port()).isEqualTo(6000);
    }

    @Test
    void namesStayUnresolvedAndLiteralsAreResolved() {
        assertThat(parse("http://h.test/").address().isUnresolved()).isTrue();
        assertThat(parse("http://[2606:4700::1111]/").address().isUnresolved()).isFalse();
    }

    @Test
    void theReasonNeverQuotesCredentials() {
        assertThatExceptionOfType(InvalidUrlException.class)
                .isThrownBy(() -> parse("https://user:secret@h.test:99999/"))
                .withMessageNotContaining("secret");
    }

    private static void refuse(String url, String problem) {
        assertThatExceptionOfType(InvalidUrlException.class)
                .isThrownBy(() -> parse(url))
                .withMessageContaining(problem);
    }

    private static Target parse(String url) {
        return Target.parse(url, Set.of());
    }

    private static String decoded(Target target) {
        String value = Objects.requireNonNull(target.authorization());
        return new String(Base64.getDecoder().decode(value.substring("Basic ".length())), StandardCharsets.UTF_8);
    }
}
