package io.posthaste.deliver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.action.Action;
import io.posthaste.store.action.ActionCodec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FixedHostsTest {
    private final FixedHosts hosts = new FixedHosts(url -> url);

    @ParameterizedTest
    @CsvSource({
        "https://api.example.com/v1/{{ customer.id }}, https://api.example.com/",
        "https://api.example.com?q={{ q }}, https://api.example.com/",
        "http://api.example.com:8080, http://api.example.com:8080/",
        "https://[::1]/x, https://[::1]/",
    })
    void aHostThatIsWrittenOutIsKnown(String url, String host) {
        assertThat(hosts.of(action(url))).contains(host);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://{{ customer.shop }}.example.com/",
                "https://api.example.com:{{ customer.port }}/",
                "https://api.example.com{% if x %}.evil{% endif %}/",
                "https://user:{{ secrets.z }}@api.example.com/",
                "{{ customer.url }}",
                " https://api.example.com/",
            })
    void aHostThatDataMayChangeIsNot(String url) {
        assertThat(hosts.of(action(url))).isEmpty();
    }

    private static Action action(String url) {
        String json = "{\"url\":\"" + url + "\",\"body\":\"\"}";
        return new ActionCodec().inline("lane", json.getBytes(UTF_8));
    }
}
