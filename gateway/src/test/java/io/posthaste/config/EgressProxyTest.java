package io.posthaste.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EgressProxyTest {
    @ParameterizedTest
    @CsvSource({
        "http://proxy.example.com:3128, proxy.example.com, 3128, '', ''",
        "http://egress_proxy:80/, egress_proxy, 80, '', ''",
        "http://ada:s3:cret@10.0.0.1:65535, 10.0.0.1, 65535, ada, s3:cret",
        "http://ada:@10.0.0.1:1, 10.0.0.1, 1, ada, ''",
    })
    void anAddressIsTakenApartOnce(String url, String host, int port, String username, String password) {
        assertThat(EgressProxy.parse(url)).isEqualTo(new EgressProxy(host, port, username, password));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "https://proxy:3128",
                "http://proxy",
                "http://proxy:0",
                "http://proxy:65536",
                "http://ada@proxy:3128",
                "http://proxy:3128/path"
            })
    void whatIsNoProxyIsNone(String url) {
        assertThat(EgressProxy.parse(url)).isNull();
    }

    @Test
    void itDoesNotTellItsCredentials() {
        assertThat(new EgressProxy("proxy", 3128, "ada", "s3cret").toString())
                .doesNotContain("ada", "s3cret")
                .contains("proxy:3128");
    }
}
