package io.posthaste;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Sends deliveries again from a shell (M23, M27). */
@Command(
        name = "redrive",
        description = "Sends deliveries again: the same bytes under the same idempotency key.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all are queued again",
            "1:some are not; each is named with the reason, the others are queued",
            "2:the command was used wrongly, or no gateway answers"
        },
        footer = {"", "Example: posthaste redrive order-1007 order-1008"})
final class Redrive implements Callable<Integer> {
    private final Terminal terminal;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs.
    private CommandSpec spec;

    @Mixin
    private final GatewayAccess access = new GatewayAccess();

    @Option(names = "--json", description = "One line of JSON for each delivery.")
    private boolean json;

    @Parameters(arity = "1..*", paramLabel = "ID", description = "The deliveries.")
    private List<String> ids = List.of();

    Redrive(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        ApiClient client = access.client(access.config(terminal));
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
