package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.posthaste.Shell.Result;
import io.posthaste.cli.ApiClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands that talk to a running gateway, as somebody would type them. */
class CommandsIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DATA = "{\"customer\":{\"name\":\"Zoë\", \"n\": 19.90}}";

    @AutoClose
    private static final TestGateway GATEWAY = new TestGateway()
            .with("BIN_ENABLED", "true")
            .with("SEND_ALLOW_ADDRESSES", "")
            .start();

    private static final ApiClient API = GATEWAY.api();
    private static final Shell SHELL = new Shell(GATEWAY.environment(), InstantSource.system(), DATA);

    @TempDir
    Path directory = Path.of("replaced by JUnit");

    @Test
    void enqueueWritesAJobThatIsDelivered() throws IOException {
        save("enqueued", "{{ customer.name }} {{ customer.n }}");
        Path file = Files.writeString(directory.resolve("data.json"), DATA);

        Result piped = run(SHELL, "enqueue", "--action", "enqueued", "--id", "e-1", "--key", "k1");
        Result named = run(SHELL, "enqueue", "--action", "enqueued", "--json", "" + file);

        assertThat(piped).isEqualTo(new Result(0, "e-1\n", ""));
        assertThat(JSON.readTree(named.out()).path("ids")).hasSize(1);
        await("enqueued", 2);
        assertThat(requests("enqueued").findValuesAsText("body")).containsOnly("Zoë 19.90");
    }

    @Test
    void enqueueTakesWholeJobs() {
        save("whole", "x");

        Result many = run(
                SHELL.with(
                        "[{\"id\":\"w-1\",\"action\":\"whole\",\"data\":{}},{\"id\":\"w-2\",\"action\":\"whole\",\"data\":{}}]"),
                "enqueue",
                "--jobs");

        assertThat(many).isEqualTo(new Result(0, "w-1\nw-2\n", ""));
        await("whole", 2);
    }

    @Test
    void everythingTheGatewayObjectsToIsPrinted() throws IOException {
        String[] arguments = {"enqueue", "--action", "a b", "--key", "ü", "--at", "tomorrow"};

        Result text = run(SHELL.with("{\"http\":1}"), arguments);
        Result json = run(SHELL.with("{}"), "enqueue", "--action", "a b", "--json");

        assertThat(text.code()).isEqualTo(1);
        assertThat(text.err())
                .contains(
                        "\n  action: is 'a b'; ", "\n  key: is not", "\n  at: is 'tomorrow'; ", "\n  data.http: is a");
        assertThat(json.code()).isEqualTo(1);
        assertThat(JSON.readTree(json.out()).path("errors").findValuesAsText("field"))
                .containsExactly("action");
    }

    @Test
    void previewPrintsTheRequest() {
        save("seen", "{{ customer.n }} {{ customer | to_json }}");

        Result text = run(SHELL, "preview", "seen");

        assertThat(text.code()).isZero();
        assertThat(text.out())
                .isEqualTo("POST " + GATEWAY.address() + "/bin/seen\nX-Kind: test\n\n"
                        + "19.90 {\"name\":\"Zoë\",\"n\":19.90}\n");
        assertThat(text.err()).startsWith("warning: ").contains("body, line 1, column ", "; name the attributes");
    }

    @Test
    void previewOfADefinitionTellsWhatIsWrongWithIt() throws IOException {
        Path broken = Files.writeString(
                directory.resolve("action.json"), "{\"url\":\"ftp://h.example/\",\"body\":\"\\n {{ x\"}");
        Path aborting = Files.writeString(
                directory.resolve("aborting.json"),
                "{\"url\":\"https://h.example/\",\"body\":\"{% abort_message 'not now' %}\"}");

        Result refused = run(SHELL, "preview", "--definition", "" + broken);
        Result aborted = run(SHELL, "preview", "--definition", "" + aborting);

        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err())
                .contains("action.url: URL must begin with http", "action.body, line 2, column 2: Variable");
        assertThat(aborted.code()).isEqualTo(1);
        assertThat(aborted.err()).contains("not sent: not now");
    }

    @Test
    void redriveSendsAgainAndNamesWhatItCannot() throws IOException {
        save("failing", "x");
        API.put("/v1/bins/failing", "{\"status\":404}");
        run(SHELL, "enqueue", "--action", "failing", "--id", "r-1");
        awaitFailed("failing", 1);

        Result again = run(SHELL, "redrive", "r-1", "r-none");

        assertThat(again.code()).isEqualTo(1);
        assertThat(again.out()).startsWith("r-1: ");
        assertThat(again.err()).isEqualTo("r-none: delivery r-none does not exist\n");
        await("failing", 2);
    }

    @Test
    void redriveByConditionShowsProgressToTheEnd() throws IOException {
        save("down", "x");
        API.put("/v1/bins/down", "{\"status\":404}");
        run(SHELL, "enqueue", "--action", "down", "--id", "d-1");
        run(SHELL, "enqueue", "--action", "down", "--id", "d-2");
        awaitFailed("down", 2);

        Result others = run(SHELL, "redrive", "--action", "down", "--reason", "HTTP 503");
        Result again = run(SHELL, "redrive", "--action", "down", "--since", "2026-01-15T10:20:30Z", "--json");

        assertThat(others.code()).isZero();
        assertThat(others.out()).endsWith(": done, 0 of 0\n");
        assertThat(again.code()).isZero();
        JsonNode end = JSON.readTree(again.out().lines().toList().getLast());
        assertThat(end.path("state").asText()).isEqualTo("done");
        assertThat(end.path("done").asInt()).isEqualTo(2);
        await("down", 4);
    }

    @Test
    void redriveByConditionSaysWhatIsWrongWithOne() {
        Result refused = run(SHELL, "redrive", "--since", "yesterday");

        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("since: ");
    }

    private static void awaitFailed(String action, int count) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> API.get("/v1/deliveries?action=" + action + "&state=failed")
                                .path("deliveries")
                                .size()
                        == count);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            enqueue                                        | {}  | give either --action, or --jobs
            enqueue --action a --jobs                      | {}  | give either --action, or --jobs
            enqueue --jobs --id x                          | {}  | each job has its own id
            enqueue --action a                             | {x  | standard input, line 1, column 2: not valid JSON
            enqueue --action a /nowhere/data.json          | {}  | /nowhere/data.json: no such file
            preview                                        | {}  | give either an action's id or --definition
            preview a b c                                  | {}  | and at most one file of data
            redrive                                        | {}  | give either IDs, or conditions: --action, --reason, --since
            redrive --action a --reason=                   | {}  | --reason is empty
            redrive --action a x                           | {}  | give either IDs, or conditions
            redrive --gateway http://127.0.0.1:1 x         | {}  | no gateway answers on http://127.0.0.1:1; start one with scripts/start
            redrive --gateway nonsense x                   | {}  | nonsense is no address of a gateway
            """)
    void wrongUsageIsExplainedWithExitCodeTwo(String arguments, String input, String message) {
        Result result = SHELL.with(input).run(arguments.split(" +"));

        assertThat(result.err()).contains(message);
        assertThat(result.code()).isEqualTo(2);
    }

    @Test
    void withoutATokenItSaysWhereOneWouldBe() {
        Result result = new Shell(Map.of("POSTHASTE_ADMIN_TOKEN_FILE", "/nowhere/token"), InstantSource.system(), "")
                .run("redrive", "x");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .isEqualTo(
                        "no token in /nowhere/token; run this where the gateway was started, or set POSTHASTE_ADMIN_TOKEN\n");
    }

    private static Result run(Shell shell, String command, String... arguments) {
        String[] all = new String[arguments.length + 3];
        all[0] = command;
        all[1] = "--gateway";
        all[2] = GATEWAY.address();
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return shell.run(all);
    }

    private static Result run(Shell shell, String[] line) {
        return run(shell, line[0], Arrays.copyOfRange(line, 1, line.length));
    }

    /** An action that posts to the request bin of its name. */
    private static void save(String id, String body) {
        var definition = JSON.createObjectNode()
                .put("url", GATEWAY.address() + "/bin/" + id)
                .put("body", body);
        definition.putArray("headers").addObject().put("name", "X-Kind").put("value", "test");
        API.put("/v1/actions/" + id, definition.toString());
    }

    private static JsonNode requests(String bin) {
        return API.get("/v1/bins/" + bin).path("requests");
    }

    private static void await(String bin, int count) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> requests(bin).size() == count);
    }
}
