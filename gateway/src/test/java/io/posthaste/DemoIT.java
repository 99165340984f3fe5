package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.Shell.Result;
import java.time.InstantSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code scripts/demo} against a whole gateway: each recipe delivered, signed and answered as its partner would. */
class DemoIT {
    @AutoClose
    private static final TestGateway GATEWAY = new TestGateway()
            .with("BIN_ENABLED", "true")
            .with("SEND_ALLOW_ADDRESSES", "")
            .start();

    private static Result demo;
    private static Result demoAfterRotation;

    @BeforeAll
    static void run() {
        Shell shell = new Shell(GATEWAY.environment(), InstantSource.system(), "");
        demo = shell.run("demo", "--gateway", GATEWAY.address(), "--jobs", "4");
        GATEWAY.api().post("/v1/signing-keys/rotate", "");
        demoAfterRotation = shell.run("demo", "--gateway", GATEWAY.address(), "--jobs", "1");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "R1 Zendesk ticket,                   201, Basic YWdlbnRAYWNtZS5leGFtcGxlOlpEUEFTUw==",
        "R2 Zapier catch hook,                200, -",
        "R3 Trello card,                      200, -",
        "R4 Medallia/Delighted NPS,           201, Basic REtFWTo=",
        "R5 Lob postcard,                     200, Basic dGVzdF9MT0JLRVk6",
        "R6 IFTTT Maker,                      200, -",
        "R7 Help Scout conversation,          201, Basic SFNLRVk6WA==",
        "R8 Close lead,                       200, Basic Q0xPU0VLRVk6",
        "R9 Twilio WhatsApp,                  201, Basic QUMxMjM6dG9r",
        "R10 Plain form (seed form section),  204, -",
        "R11 Plain JSON (seed JSON section),  201, Basic dXNlcjpwYXNz",
        "R12 Zapier customer + event via to_json, 200, -",
        "R1h Zendesk hardened,                201, Basic YWdlbnRAYWNtZS5leGFtcGxlL3Rva2VuOlpEVE9LRU4=",
        "'P1 Payment, adds to lifetime value', 200, -",
        "S1 Slack incoming webhook,           200, -",
        "S2 Slack message by a bot,           200, Bearer xoxb-demo-token",
        "D1 Discord webhook,                  200, -",
        "T1 Microsoft Teams card,             202, -",
        "PD1 PagerDuty alert,                 202, -",
        "H1 HubSpot contact,                  200, Bearer pat-eu1-demo-token",
        "F1 Salesforce contact,               201, Bearer token-of-demo_salesforce",
        "G1 Segment track,                    200, Basic V1JJVEVLRVk6",
    })
    void aRecipeIsDeliveredAsItsPartnerWantsIt(String recipe, String status, String authorization) {
        assertThat(demo.out().lines().filter(line -> line.startsWith(recipe)))
                .singleElement()
                .asString()
                .matches(".* 4/4 +" + status + " +as expected +valid +\\Q" + authorization + "\\E");
    }

    @Test
    void whatTheAnswersSaidIsSetOnThePersonOncePerDelivery() {
        assertThat(demo.out())
                .contains("person demo-ada")
                .containsPattern("ticket_id +- +35436\n")
                .containsPattern("lead_id +- +lead_8Yx\n")
                .containsPattern("lifetime_value +100.5 +180.5\n")
                .endsWith("88 deliveries, all as expected\n");
        assertThat(demo.code()).isZero();
        assertThat(demo.err()).isEmpty();
    }

    @Test
    void aKeyThatItCannotKnowIsNoInvalidSignature() {
        assertThat(demoAfterRotation.out())
                .doesNotContain("INVALID")
                .contains("signatures are not checked: the signing key was rotated")
                .endsWith("22 deliveries, all as expected\n");
        assertThat(demoAfterRotation.code()).isZero();
    }
}
