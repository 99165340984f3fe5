package io.posthaste.sign;

import static io.posthaste.action.Action.Signature.CIO;
import static io.posthaste.action.Action.Signature.STANDARD_WEBHOOKS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.posthaste.action.Action;
import io.posthaste.job.Header;
import io.posthaste.job.RenderedRequest;
import io.posthaste.sign.SignatureVerifier.Verdict;
import io.posthaste.testing.ManualClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SignatureTest {
    private static final String KEY = "d41d8cd98f00b204e9800998ecf8427ed41d8cd98f00b204e9800998ecf8427e";
    private static final byte[] BODY = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);

    private final ManualClock clock = new ManualClock(Instant.ofEpochSecond(1_700_000_000));

    record Vector(String name, String key, long timestamp, byte[] body, String signature) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Vector> vectors() throws IOException {
        JsonNode all = new ObjectMapper()
                .readTree(Path.of("src/test/resources/signature-vectors.json").toFile());
        return StreamSupport.stream(all.spliterator(), false)
                .map(v -> new Vector(
                        v.get("name").asText() + " " + v.get("what").asText(),
                        v.get("key").asText(),
                        v.get("timestamp").asLong(),
                        HexFormat.of().parseHex(v.get("body_hex").asText()),
                        v.get("signature").asText()));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void vectorIsSignedAndVerifies(Vector vector) {
        InstantSource then = () -> Instant.ofEpochSecond(vector.timestamp(), 999_999_999);
        SigningKey key = SigningKey.of(vector.key());

        List<Header> headers = sign(new RequestSigner(() -> SigningKeys.only(key), then, "X-CIO-"), vector.body(), CIO);

        assertThat(headers)
                .containsExactly(
                        new Header("X-CIO-Idempotency-Key", "key-1"),
                        new Header("X-CIO-Delivery-ID", "id-1"),
                        new Header("X-CIO-Timestamp", "" + vector.timestamp()),
                        new Header("X-CIO-Signature", vector.signature()));
        assertThat(new SignatureVerifier(key, then, SignatureVerifier.TOLERANCE)
                        .verify("" + vector.timestamp(), vector.signature(), vector.body()))
                .isEqualTo(Verdict.VALID);
    }

    @Test
    void everyVectorIsThere() throws IOException {
        assertThat(vectors()).hasSize(12);
    }

    @Test
    void oneChangedByteDoesNotVerify() throws IOException {
        List<Vector> all = vectors().toList();

        assertThat(verifier(KEY, Instant.ofEpochSecond(1_613_063_089))
                        .verify(
                                "1613063089",
                                all.get(1).signature(),
                                all.get(11).body()))
                .isEqualTo(Verdict.MISMATCH);
    }

    @Test
    void eachAttemptIsSignedAnewInItsOwnSecond() {
        RequestSigner signer = signer(SigningKeys.only(SigningKey.of(KEY)));
        List<Header> first = sign(signer, BODY, CIO);
        List<Header> sameSecond = sign(signer, BODY, CIO);
        clock.advance(Duration.ofSeconds(1));
        List<Header> later = sign(signer, BODY, CIO);

        assertThat(sameSecond).isEqualTo(first);
        assertThat(value(later, "X-CIO-Timestamp")).isEqualTo("1700000001");
        assertThat(value(later, "X-CIO-Signature")).isNotEqualTo(value(first, "X-CIO-Signature"));
        assertThat(verifier(KEY, clock.instant()).verify("1700000001", value(later, "X-CIO-Signature"), BODY))
                .isEqualTo(Verdict.VALID);
    }

    @Test
    void replacedKeySignsBesideTheNewOneUntilItsGraceEnds() {
        AtomicReference<SigningKeys> keys = new AtomicReference<>(SigningKeys.only(SigningKey.of("old")));
        RequestSigner signer = new RequestSigner(keys::get, clock, "X-CIO-");
        String before = value(sign(signer, BODY, CIO), "X-CIO-Signature");

        keys.set(keys.get().rotatedTo(SigningKey.of("new"), clock.instant().plusSeconds(10)));
        List<Header> during = sign(signer, BODY, CIO);
        clock.advance(Duration.ofSeconds(10));
        List<Header> after = sign(signer, BODY, CIO);

        assertThat(value(during, "X-CIO-Signature-Previous")).isEqualTo(before);
        assertThat(value(during, "X-CIO-Signature")).isEqualTo(signatureUnder("new", "1700000000"));
        assertThat(after).extracting(Header::name).doesNotContain("X-CIO-Signature-Previous");
    }

    @Test
    void standardWebhooksSignsIdTimestampAndBodyWithEveryValidKey() {
        SigningKeys keys = SigningKeys.only(SigningKey.of("old"))
                .rotatedTo(SigningKey.of(KEY), clock.instant().plusSeconds(1));

        assertThat(sign(signer(keys), BODY, STANDARD_WEBHOOKS))
                .endsWith(
                        new Header("webhook-id", "key-1"),
                        new Header("webhook-timestamp", "1700000000"),
                        new Header(
                                "webhook-signature",
                                "v1,hIVBXGAV9QLvvI5TiSehfdqZYswFAlh1WOQMa7EJt0I="
                                        + " v1,9feyMzu7WDAh6Yxfh9efaEGvvUKZJIUsEippB1gfEE4="))
                .extracting(Header::name)
                .doesNotContain("X-CIO-Signature");
    }

    @Test
    void headerPrefixIsASetting() {
        RequestSigner signer = new RequestSigner(() -> SigningKeys.only(SigningKey.of(KEY)), clock, "X-Acme-");

        assertThat(sign(signer, BODY, CIO)).allSatisfy(h -> assertThat(h.name()).startsWith("X-Acme-"));
    }

    @Test
    void threadsDoNotMixTheirSignatures() throws Exception {
        RequestSigner signer = signer(SigningKeys.only(SigningKey.of(KEY)));
        List<Callable<Boolean>> work = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            byte[] body = ("body " + i).getBytes(StandardCharsets.UTF_8);
            work.add(() -> verifier(KEY, clock.instant())
                            .verify("1700000000", value(sign(signer, body, CIO), "X-CIO-Signature"), body)
                    == Verdict.VALID);
        }
        try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
            for (var done : pool.invokeAll(work)) {
                assertThat(done.get()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1700000000, 0, VALID",
        "1700000000, 300, VALID",
        "1700000000, -300, VALID",
        "1700000000, 301, STALE",
        "1700000000, -301, STALE",
        "1700000001, 0, MISMATCH",
        "yesterday, 0, MALFORMED_TIMESTAMP",
        "-1, 0, MALFORMED_TIMESTAMP",
        "'', 0, MALFORMED_TIMESTAMP",
    })
    void timestampIsSignedAndMustBeRecent(String timestamp, long age, Verdict expected) {
        assertThat(verifier(KEY, Instant.ofEpochSecond(1_700_000_000 + age))
                        .verify(timestamp, signatureUnder(KEY, "1700000000"), BODY))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"''", "v0=00", "zz", "00"})
    void signatureThatIsNo64HexDigitsIsMalformedNotAMismatch(String signature) {
        assertThat(verifier(KEY, clock.instant()).verify("1700000000", signature, BODY))
                .isEqualTo(Verdict.MALFORMED_SIGNATURE);
    }

    @Test
    void wrongDigitAnywhereIsAMismatchAndUpperCaseIsNot() {
        String good = signatureUnder(KEY, "1700000000");
        SignatureVerifier verifier = verifier(KEY, clock.instant());
        for (int i = 0; i < good.length(); i++) {
            String wrong = good.substring(0, i) + (good.charAt(i) == '0' ? '1' : '0') + good.substring(i + 1);
            assertThat(verifier.verify("1700000000", wrong, BODY)).isEqualTo(Verdict.MISMATCH);
        }
        assertThat(verifier.verify("1700000000", good.toUpperCase(Locale.ROOT), BODY))
                .isEqualTo(Verdict.VALID);
    }

    @Test
    void keyIsNeverPrinted() {
        assertThat(SigningKeys.only(SigningKey.of(KEY)).toString())
                .doesNotContain(KEY)
                .contains("SigningKey[***]");
    }

    @Test
    void keyThatReplacesOneInItsGraceTimeSignsBesideBothOfThem() {
        SigningKeys keys = SigningKeys.only(SigningKey.of("first"))
                .rotatedTo(SigningKey.of("second"), clock.instant().plusSeconds(10))
                .rotatedTo(SigningKey.of("third"), clock.instant().plusSeconds(20));
        RequestSigner signer = signer(keys);

        assertThat(value(sign(signer, BODY, CIO), "X-CIO-Signature-Previous"))
                .isEqualTo(signatureUnder("second", "1700000000") + " " + signatureUnder("first", "1700000000"));
        clock.advance(Duration.ofSeconds(10));
        assertThat(value(sign(signer, BODY, CIO), "X-CIO-Signature-Previous"))
                .isEqualTo(signatureUnder("second", "1700000010"));
    }

    @Test
    void madeKeyIsAStandardWebhooksSecretWhoseTextSignsEverythingElse() {
        String text = SigningKey.generate(new Random(7));
        byte[] bytes = Base64.getDecoder().decode(text.substring("whsec_".length()));
        RequestSigner signer = signer(SigningKeys.only(SigningKey.of(text)));

        assertThat(bytes).hasSize(32);
        assertThat(value(sign(signer, BODY, CIO), "X-CIO-Signature")).isEqualTo(signatureUnder(text, "1700000000"));
        assertThat(value(sign(signer, BODY, STANDARD_WEBHOOKS), "webhook-signature"))
                .isEqualTo("v1," + base64(hmac(bytes, "key-1.1700000000.{\"a\":1}")));
    }

    @Test
    void textThatOnlyLooksLikeAStandardWebhooksSecretIsTakenAsItStands() {
        RequestSigner signer = signer(SigningKeys.only(SigningKey.of("whsec_not base64")));

        assertThat(value(sign(signer, BODY, STANDARD_WEBHOOKS), "webhook-signature"))
                .isEqualTo("v1,"
                        + base64(hmac(
                                "whsec_not base64".getBytes(StandardCharsets.UTF_8), "key-1.1700000000.{\"a\":1}")));
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private RequestSigner signer(SigningKeys keys) {
        return new RequestSigner(() -> keys, clock, "X-CIO-");
    }

    private static SignatureVerifier verifier(String key, Instant now) {
        return new SignatureVerifier(SigningKey.of(key), () -> now, SignatureVerifier.TOLERANCE);
    }

    private static String signatureUnder(String key, String timestamp) {
        byte[] start = ("v0:" + timestamp + ":").getBytes(StandardCharsets.US_ASCII);
        return HexFormat.of().formatHex(AttemptSignature.hmac(SigningKey.of(key).newMac(), start, BODY));
    }

    private static List<Header> sign(RequestSigner signer, byte[] body, Action.Signature... schemes) {
        RenderedRequest request = new RenderedRequest("POST", "https://a.example/", List.of(), body);
        return signer.sign("id-1", "key-1", request, List.of(schemes)).headers();
    }

    private static String value(List<Header> headers, String name) {
        return headers.stream()
                .filter(header -> header.name().equals(name))
                .findFirst()
                .orElseThrow()
                .value();
    }
}
