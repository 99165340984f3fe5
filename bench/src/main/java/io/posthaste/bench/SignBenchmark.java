package io.posthaste.bench;

import io.posthaste.action.Action;
import io.posthaste.job.RenderedRequest;
import io.posthaste.job.SignedRequest;
import io.posthaste.sign.RequestSigner;
import io.posthaste.sign.SigningKey;
import io.posthaste.sign.SigningKeys;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does signing a request cost beside the HMAC itself, by body size? Decides whether the signer is worth tuning.
 * Run: {@code scripts/bench SignBenchmark -prof gc}
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class SignBenchmark {
    private static final String KEY = "d41d8cd98f00b204e9800998ecf8427ed41d8cd98f00b204e9800998ecf8427e";
    private static final List<Action.Signature> CIO = List.of(Action.Signature.CIO);

    @Param({"256", "1024", "65536"})
    int bodyBytes;

    private RenderedRequest request;
    private RequestSigner signer;
    private RequestSigner rotating;
    private SecretKeySpec secret;
    private Mac mac;

    @Setup
    public void prepare() throws GeneralSecurityException {
        byte[] body = new byte[bodyBytes];
        new Random(1).nextBytes(body);
        request = new RenderedRequest("POST", "https://receiver.example/", List.of(), body);
        InstantSource clock = InstantSource.system();
        SigningKeys keys = SigningKeys.only(SigningKey.of(KEY));
        SigningKeys replaced =
                keys.rotatedTo(SigningKey.of("next"), clock.instant().plusSeconds(86_400));
        signer = new RequestSigner(() -> keys, clock, "X-CIO-");
        rotating = new RequestSigner(() -> replaced, clock, "X-CIO-");
        secret = new SecretKeySpec(KEY.getBytes(StandardCharsets.UTF_8), "HmacSHA256");
        mac = newMac();
    }

    /** The floor: the JDK's HMAC over the body and nothing else. */
    @Benchmark
    public byte[] bareMac() {
        return mac.doFinal(request.body());
    }

    /** The floor without keeping an HMAC per thread. */
    @Benchmark
    public byte[] newMacEachTime() throws GeneralSecurityException {
        return newMac().doFinal(request.body());
    }

    @Benchmark
    public SignedRequest sign() {
        return signer.sign("01JD0000000000000000000000", "01JD0000000000000000000000", request, CIO);
    }

    /** During the grace time of a replaced key. */
    @Benchmark
    public SignedRequest signWithTwoKeys() {
        return rotating.sign("01JD0000000000000000000000", "01JD0000000000000000000000", request, CIO);
    }

    private Mac newMac() throws GeneralSecurityException {
        Mac made = Mac.getInstance("HmacSHA256");
        made.init(secret);
        return made;
    }
}
