package io.posthaste.redact;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.job.Header;
import io.posthaste.job.RenderedRequest;
import io.posthaste.job.SecretValues;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedactionTest {
    private final Redaction redaction = new Redaction(List.of());

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '→', textBlock = """
            https://h.example/a?b=c                         → https://h.example/a?b=c
            https://user:pw@h.example/a                     → https://user:***@h.example/a
            https://KEY:@h.example/                         → https://***@h.example/
            https://KEY@h.example/                          → https://***@h.example/
            https://agent@acme.com:pw@h.example/            → https://agent@acme.com:***@h.example/
            https://h.example/a@b/c                         → https://h.example/a@b/c
            https://h.example/?key=K&token=T&page=2         → https://h.example/?key=***&token=***&page=2
            https://h.example/?X-Api-Key=K                  → https://h.example/?X-Api-Key=***
            https://h.example?access_token=K#frag           → https://h.example?access_token=***
            https://u:{{ secrets['a/b@c'] }}@h.example/x    → https://u:***@h.example/x
            https://{{ a | append: '/@' }}.h.example/x?a=@  → https://{{ a | append: '/@' }}.h.example/x?a=@
            """)
    void credentialsInAUrlAreMasked(String url, String shown) {
        assertThat(redaction.maskedUrl(url)).isEqualTo(shown);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "Authorization,true",
        "proxy-authorization,true",
        "Cookie,true",
        "Set-Cookie,true",
        "X-API-Key,true",
        "apikey,true",
        "X-Auth-Token,true",
        "My-Secret,true",
        "X-Hub-Signature-256,true",
        "Content-Type,false",
        "X-Request-Id,false",
        "Accept,false",
    })
    void headersAreMaskedByName(String name, boolean masked) {
        assertThat(redaction.masked(new Header(name, "value")).value()).isEqualTo(masked ? "***" : "value");
    }

    @Test
    void aSecretIsHiddenWhereverItTurnsUpAgain() {
        SecretValues secrets = redaction.secretsOf(new RenderedRequest(
                "POST",
                "https://agent%40acme.example:p%40ssword@h.example/?token=T0KEN-VALUE",
                List.of(new Header("Authorization", "Bearer abcdef123456"), new Header("X-Trace", "not-secret")),
                new byte[0]));

        String echoed =
                secrets.hide("Bearer abcdef123456 | abcdef123456 | p%40ssword | p@ssword | T0KEN-VALUE | not-secret "
                        + "| YWdlbnRAYWNtZS5leGFtcGxlOnBAc3N3b3Jk");

        assertThat(echoed).isEqualTo("*** | *** | *** | *** | *** | not-secret | ***");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "X-Tenant,true",
        "x-tenant,true",
        "X-Tenant-Id,false",
        "Acme-Session,true",
        "acme-,true",
        "x.y,true",
        "xzy,false",
        "Authorization,true",
    })
    void configuredNamesAreMaskedBesideTheKnownOnes(String name, boolean masked) {
        Redaction configured = new Redaction(List.of("x-tenant", "ACME-*", "x.y"));

        assertThat(configured.masked(new Header(name, "value")).value()).isEqualTo(masked ? "***" : "value");
        assertThat(configured.maskedUrl("https://h.example/?" + name + "=v&a=b"))
                .isEqualTo("https://h.example/?" + name + (masked ? "=***" : "=v") + "&a=b");
    }

    @Test
    void aValueUnderAConfiguredNameIsHiddenWhereverItTurnsUpAgain() {
        SecretValues secrets = new Redaction(List.of("x-tenant"))
                .secretsOf(new RenderedRequest(
                        "POST", "https://h.example/", List.of(new Header("X-Tenant", "acme-4711")), new byte[0]));

        assertThat(secrets.hide("no tenant acme-4711")).isEqualTo("no tenant ***");
    }

    @Test
    void withoutARequestThereIsNothingToHide() {
        assertThat(redaction.secretsOf(null).hide("HTTP 404")).isEqualTo("HTTP 404");
    }
}
