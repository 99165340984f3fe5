package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.api.sync.RedisCommands;
import io.posthaste.boot.Gateway;
import io.posthaste.cli.ApiClient;
import io.posthaste.config.ConfigLoader;
import io.posthaste.queue.QueueSettings;
import io.posthaste.redis.RedisKeys;
import io.posthaste.testing.Receiver;
import io.posthaste.testing.RedisServer;
import io.posthaste.testing.TestAuthority;
import io.posthaste.testing.TestAuthority.Issued;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Whole gateways on a Redis of their own, a receiver that they may dial, and a producer that reads the results. */
final class TestGateway implements AutoCloseable {
    static final String TOKEN = "test-token-of-at-least-32-characters";
    static final String SIGNING_KEY = "test-key";
    static final String REPORTING_KEY = "reporting-key";
    static final String VERSION = "1.2.3";
    static final RedisKeys KEYS = new RedisKeys(QueueSettings.SINGLE_SHARD);

    final RedisServer redis = RedisServer.start();
    final Receiver receiver = Receiver.start();
    final RedisClient client = RedisClient.create(redis.uri());
    final RedisCommands<String, String> commands = client.connect().sync();

    private final Map<String, String> environment = new HashMap<>();
    private final Map<String, String> standard = new HashMap<>();
    private final List<Gateway> gateways = new ArrayList<>();

    TestGateway() {
        with("REDIS_URI", redis.uri());
        with("ADMIN_PORT", "0");
        with("ADMIN_TOKEN", TOKEN);
        with("KEYS_SIGNING", SIGNING_KEY);
        with("KEYS_REPORTING", REPORTING_KEY);
        with("KEYS_ENCRYPTION", "0".repeat(64));
        with("SEND_ALLOW_ADDRESSES", "127.0.0.1/32");
        with("INLINE_SECRETS", "true");
    }

    /** A setting for gateways that start from now on, as a variable without its {@code POSTHASTE_}. */
    TestGateway with(String variable, String value) {
        environment.put("POSTHASTE_" + variable, value);
        return this;
    }

    /** A variable that is not Posthaste's own. */
    TestGateway withStandard(String variable, String value) {
        standard.put(variable, value);
        return this;
    }

    /** Starts one, beside those that run. */
    TestGateway start() {
        gateways.add(Gateway.start(ConfigLoader.load(null, environment), VERSION, standard));
        return this;
    }

    /** Stops the one that was started last. */
    void stop() {
        gateways.removeLast().close();
    }

    /** Stops the one that was started first. */
    void stopFirst() {
        gateways.removeFirst().close();
    }

    Map<String, String> environment() {
        return environment;
    }

    /** Of the one that was started last. */
    String address() {
        return "http://127.0.0.1:" + gateways.getLast().address().getPort();
    }

    /** Of the one that was started last. */
    ApiClient api() {
        return new ApiClient(address(), TOKEN);
    }

    /** What Prometheus would read of the one that was started last. */
    String metrics() {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address() + "/metrics"))
                .header("Authorization", "Bearer " + TOKEN)
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** @param fields of the inbox entry beside {@code v} and {@code id}: names and values in turn */
    void enqueue(String id, String... fields) {
        Map<String, String> entry = new LinkedHashMap<>(Map.of("v", "1", "id", id));
        for (int i = 0; i < fields.length; i += 2) {
            entry.put(fields[i], fields[i + 1]);
        }
        commands.xadd(KEYS.inbox(), entry);
    }

    /** What was said of a delivery last, once it is this event. */
    Map<String, String> told(String id, String event) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(results(id)).last().extracting("event").isEqualTo(event));
        return results(id).getLast();
    }

    List<Map<String, String>> results(String id) {
        return results().stream().filter(result -> id.equals(result.get("id"))).toList();
    }

    /** Everything on the results stream, the oldest first. */
    List<Map<String, String>> results() {
        return commands.xrange(KEYS.results(), Range.unbounded()).stream()
                .map(StreamMessage::getBody)
                .toList();
    }

    /** Stores a connection {@code bank} whose client certificate ends in so many days. */
    static void storeClientCertificate(ApiClient api, int days) throws IOException {
        Issued identity = TestAuthority.create().issue("gateway", "DNS:gateway", days);
        api.put(
                "/v1/connections/bank",
                JsonNodeFactory.instance
                        .objectNode()
                        .put("certificate", identity.certificate())
                        .put("key", identity.key())
                        .toString());
    }

    @Override
    public void close() {
        gateways.forEach(Gateway::close);
        client.shutdown();
        receiver.close();
        redis.close();
    }
}
