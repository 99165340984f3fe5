package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.lettuce.core.Range;
import io.lettuce.core.RedisURI;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.posthaste.cli.ApiClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rights that docs/security.md gives to a Redis user are enough, and a producer's are enough to enqueue. */
class RestrictedRedisIT {
    @AutoClose
    private final TestGateway gateway = new TestGateway();

    /** Managed servers do not always grant {@code INFO}. */
    @ParameterizedTest
    @ValueSource(strings = {" +info", ""})
    void aGatewayRunsWithTheRightsOfTheReadme(String info) throws Exception {
        allow("gateway", "secret-of-the-gateway", info);
        gateway.with("REDIS_URI", "redis://gateway:secret-of-the-gateway@127.0.0.1:" + gateway.redis.port())
                .start();
        ApiClient api = gateway.api();
        api.put("/v1/actions/a", "{\"url\":\"" + gateway.receiver.url("/") + "\",\"headers\":[],\"body\":\"b\"}");
        api.put("/v1/people/1007", "{\"name\":\"Ada\"}");
        api.put("/v1/secrets/s", "{\"value\":\"v4lue\"}");
        gateway.receiver.answers(503);

        gateway.enqueue("j1", "action", "a", "data", "{}");
        gateway.told("j1", "attempted");
        gateway.enqueue("j2", "action", "a", "data", "{}");
        gateway.told("j2", "sent");

        assertThat(new ObjectMapper().writeValueAsString(api.get("/v1/deliveries/j2")))
                .contains("\"sent\"");
        assertThat(api.get("/v1/stats").isObject()).isTrue();
        assertThat(api.get("/v1/deliveries?state=retrying").path("deliveries").size())
                .isEqualTo(1);
        assertThat(api.post("/v1/deliveries/j1/cancel", "").path("state").asText())
                .isEqualTo("cancelled");
    }

    @Test
    void aProducerNeedsToWriteTheInboxAndToReadTheResults() throws Exception {
        allow("producer", "secret-of-the-producer", "");
        gateway.start();
        try (var connection = gateway.client.connect(
                RedisURI.create("redis://producer:secret-of-the-producer@127.0.0.1:" + gateway.redis.port()))) {
            var producer = connection.sync();
            producer.xadd(
                    TestGateway.KEYS.inbox(),
                    "v",
                    "1",
                    "id",
                    "j1",
                    "lane",
                    "l",
                    "data",
                    "{}",
                    "request",
                    "{\"url\":\"" + gateway.receiver.url("/") + "\"}");
            gateway.told("j1", "sent");
            assertThat(producer.xrange(TestGateway.KEYS.results(), Range.unbounded()))
                    .isNotEmpty();
        }
    }

    /** As docs/security.md says. */
    private void allow(String user, String password, String info) throws Exception {
        String line = Files.readAllLines(Path.of("../docs/security.md")).stream()
                .filter(text -> text.startsWith("ACL SETUSER " + user + " "))
                .findFirst()
                .orElseThrow();
        List<String> words = List.of(line.replace(">PASSWORD", ">" + password)
                .replace(" +info", info)
                .split(" "));
        CommandArgs<String, String> arguments = new CommandArgs<>(StringCodec.UTF8);
        words.subList(1, words.size()).forEach(arguments::add);
        gateway.commands.dispatch(CommandType.ACL, new StatusOutput<>(StringCodec.UTF8), arguments);
    }
}
