package io.posthaste.sign;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.action.Action;
import io.posthaste.job.Header;
import io.posthaste.job.RenderedRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Our signatures, judged by the reference library of Standard Webhooks: {@code standardwebhooks} from npm. */
class StandardWebhooksIT {
    private static final Path SOURCE = Path.of("src/test/node/standard-webhooks");
    private static final Path VERIFIER = Path.of("target/standard-webhooks");
    private static final String KEY = SigningKey.generate(new Random(1));
    private static final String OLD_KEY = SigningKey.generate(new Random(2));

    private final List<String> questions = new ArrayList<>();

    @BeforeAll
    static void install() throws Exception {
        Files.createDirectories(VERIFIER);
        for (String file : List.of("package.json", "package-lock.json", "verify.mjs")) {
            Files.copy(SOURCE.resolve(file), VERIFIER.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        if (Files.notExists(VERIFIER.resolve("node_modules/standardwebhooks"))) {
            run("", "npm", "ci", "--silent", "--no-audit", "--no-fund");
        }
    }

    @Test
    void theReferenceLibraryTakesWhatWeSignAndNothingElse() throws Exception {
        SigningKeys keys = SigningKeys.only(SigningKey.of(KEY));
        ask(
                KEY,
                sign(keys, "{\"plan\":\"pro\",\"name\":\"Zoë\"}", Instant.now()),
                "{\"plan\":\"pro\",\"name\":\"Zoë\"}");
        ask(KEY, sign(keys, "", Instant.now()), "");
        ask(KEY, sign(keys, "a", Instant.now()), "b");
        ask(OLD_KEY, sign(keys, "a", Instant.now()), "a");
        ask(KEY, sign(keys, "a", Instant.now().minusSeconds(600)), "a");

        assertThat(answers())
                .containsExactly(
                        "valid",
                        "valid",
                        "No matching signature found",
                        "No matching signature found",
                        "Message timestamp too old");
    }

    @Test
    void duringARotationReceiversWithEitherKeyAreServed() throws Exception {
        SigningKeys keys = SigningKeys.only(SigningKey.of(OLD_KEY))
                .rotatedTo(SigningKey.of(KEY), Instant.now().plusSeconds(60));
        ask(KEY, sign(keys, "{}", Instant.now()), "{}");
        ask(OLD_KEY, sign(keys, "{}", Instant.now()), "{}");
        ask(OLD_KEY, sign(keys, "{}", Instant.now().plusSeconds(61)), "{}");

        assertThat(answers()).containsExactly("valid", "valid", "No matching signature found");
    }

    private static List<Header> sign(SigningKeys keys, String body, Instant at) {
        InstantSource clock = () -> at;
        RenderedRequest request =
                new RenderedRequest("POST", "https://a.example/", List.of(), body.getBytes(StandardCharsets.UTF_8));
        return new RequestSigner(() -> keys, clock, "X-CIO-")
                .sign("id-1", "key-1", request, List.of(Action.Signature.STANDARD_WEBHOOKS))
                .headers();
    }

    private void ask(String secret, List<Header> headers, String body) {
        ObjectNode question =
                JsonNodeFactory.instance.objectNode().put("secret", secret).put("body", body);
        ObjectNode given = question.putObject("headers");
        headers.forEach(header -> given.put(header.name(), header.value()));
        questions.add(question.toString());
    }

    private List<String> answers() throws Exception {
        return run(String.join("\n", questions), "node", "verify.mjs").lines().toList();
    }

    private static String run(String input, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(VERIFIER.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue())
                .as(String.join(" ", command) + ": " + output)
                .isZero();
        return output;
    }
}
