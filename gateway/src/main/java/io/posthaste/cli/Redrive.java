package io.posthaste.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Sends deliveries again from a shell (M23, M27). */
@Command(
        name = "redrive",
        description = {
            "Sends deliveries again: the same bytes under the same idempotency key.",
            "Either those that are named, or all failed ones that meet every condition given; these in the background,",
            "with progress until they are done. Ending the command does not end them; POST /v1/operations/ID/cancel does."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all are queued again",
            "1:some are not: each is named with the reason, or somebody cancelled the rest",
            "2:the command was used wrongly, or no gateway answers"
        },
        footer = {
            "",
            "Examples: posthaste redrive order-1007 order-1008",
            "          posthaste redrive --action welcome --reason 'HTTP 503' --since 2026-01-15T10:20:30Z"
        })
public final class Redrive extends GatewayCommand {
    private static final Duration PAUSE = Duration.ofMillis(500);

    @Option(names = "--action", paramLabel = "ID", description = "Failed deliveries of this action.")
    private @Nullable String action;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Failed for this reason, as it is shown.")
    private @Nullable String reason;

    @Option(names = "--since", paramLabel = "TIME", description = "Failed since: epoch milliseconds or RFC 3339.")
    private @Nullable String since;

    @Option(names = "--json", description = "One line of JSON for each delivery, or for each step of the progress.")
    private boolean json;

    @Parameters(arity = "0..*", paramLabel = "ID", description = "The deliveries.")
    private List<String> ids = List.of();

    public Redrive(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        ObjectNode conditions = conditions();
        if (ids.isEmpty() == conditions.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "give either IDs, or conditions: --action, --reason, --since");
        }
        ApiClient client = access.client(terminal);
        return ids.isEmpty() ? redriveAll(client, conditions) : redriveEach(client);
    }

    private ObjectNode conditions() {
        ObjectNode conditions = JsonNodeFactory.instance.objectNode();
        put(conditions, "action", action);
        put(conditions, "reason", reason);
        put(conditions, "since", since);
        return conditions;
    }

    private void put(ObjectNode conditions, String name, @Nullable String value) {
        if (value == null) {
            return;
        }
        if (value.isEmpty()) {
            // The API takes it for no condition: an unset variable in a script would send everything again.
            throw new ParameterException(spec.commandLine(), "--" + name + " is empty; leave it out, or give a value");
        }
        conditions.put(name, value);
    }

    private int redriveAll(ApiClient client, ObjectNode conditions) {
        JsonNode operation =
                client.post("/v1/deliveries/resend", conditions.toString()).path("operation");
        show(operation);
        while (operation.path("state").asText().equals("running")) {
            LockSupport.parkNanos(PAUSE.toNanos());
            JsonNode before = operation;
            operation = client.get("/v1/operations/" + before.path("id").asText());
            if (!operation.equals(before)) {
                show(operation);
            }
        }
        return operation.path("state").asText().equals("done") ? 0 : 1;
    }

    private void show(JsonNode operation) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(
                json
                        ? operation
                        : "%s: %s, %s of %s"
                                .formatted(
                                        operation.path("id").asText(),
                                        operation.path("state").asText(),
                                        operation.path("done"),
                                        operation.path("count")));
        out.flush();
    }

    private int redriveEach(ApiClient client) {
        int refused = 0;
        for (String id : ids) {
            refused += redrive(client, id) ? 0 : 1;
        }
        return refused == 0 ? 0 : 1;
    }

    private boolean redrive(ApiClient client, String id) {
        PrintWriter out = spec.commandLine().getOut();
        try {
            JsonNode delivery = client.post("/v1/deliveries/" + id + "/resend", "");
            out.println(json ? delivery : id + ": " + delivery.path("state").asText());
            return true;
        } catch (ApiClient.Refused refused) {
            if (json) {
                out.println(refused.problem());
            } else {
                spec.commandLine().getErr().println(id + ": " + refused.getMessage());
            }
            return false;
        }
    }
}
