package io.posthaste.bench.load.bare;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.Unpooled;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/** Sends the same request again and again, so many at once. Told by its environment; prints {@value #DONE} and waits. */
public final class BareLoop {
    public static final String URLS = "BARE_URLS";
    public static final String BODY = "BARE_BODY";
    public static final String RUN = "BARE_RUN";
    public static final String COUNT = "BARE_COUNT";
    public static final String IN_FLIGHT = "BARE_IN_FLIGHT";
    public static final String SIGNING_KEY = "BARE_SIGNING_KEY";
    public static final String DONE = "all sent";

    private final HttpClient client;
    private final List<String> urls;
    private final byte[] body;
    private final String timestamp = Long.toString(System.currentTimeMillis() / 1000);
    private final String signature;
    private final String run;

    private BareLoop(int inFlight) throws GeneralSecurityException {
        this.client = HttpClient.create(ConnectionProvider.builder("bare")
                .maxConnections(inFlight)
                .pendingAcquireMaxCount(inFlight)
                .lifo()
                .build());
        this.urls = List.of(System.getenv(URLS).split(","));
        this.body = System.getenv(BODY).getBytes(UTF_8);
        this.run = System.getenv(RUN);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(System.getenv(SIGNING_KEY).getBytes(UTF_8), "HmacSHA256"));
        mac.update(("v0:" + timestamp + ":").getBytes(UTF_8));
        this.signature = HexFormat.of().formatHex(mac.doFinal(body));
    }

    public static void main(String[] arguments) throws GeneralSecurityException, InterruptedException {
        int inFlight = Integer.parseInt(System.getenv(IN_FLIGHT));
        BareLoop loop = new BareLoop(inFlight);
        Flux.range(0, Integer.parseInt(System.getenv(COUNT)))
                .flatMap(loop::send, inFlight)
                .then()
                .block();
        System.out.println(DONE);
        // Its figures are read while it lives.
        Thread.currentThread().join();
    }

    private Mono<Integer> send(int number) {
        String id = "%s-%09d".formatted(run, number);
        return client.headers(headers -> headers.add("Content-Type", "application/json")
                        .add("X-CIO-Delivery-ID", id)
                        .add("X-CIO-Idempotency-Key", id)
                        .add("X-CIO-Timestamp", timestamp)
                        .add("X-CIO-Signature", signature))
                .post()
                .uri(urls.get(number % urls.size()))
                .send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(body)))
                .responseSingle((head, answer) ->
                        answer.asByteArray().thenReturn(head.status().code()));
    }
}
