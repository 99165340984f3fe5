package io.posthaste.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows how many shards there are, and changes it. */
@Command(
        name = "shards",
        description = {
            "Shows the shards of the keyspace, or adds to them while everybody works.",
            "The gateways make the change; ending the command, or any of them, does not end it. Asked for the same"
                    + " number",
            "again, the command watches it, and lets it go on if it was held."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:there are as many as were asked for; or this is how many there are; or it is held",
            "1:the change was refused, or is held where it is; the message says why",
            "2:the command was used wrongly, or no gateway answers"
        },
        footer = {
            "",
            "Examples: posthaste shards",
            "          posthaste shards --to 32",
            "          posthaste shards --pause"
        })
public final class ShardsCommand extends GatewayCommand {
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final String PATH = "/v1/shards";

    @ArgGroup
    private Wish wish = new Wish();

    @Option(names = "--json", description = "One line of JSON for each step of the progress.")
    private boolean json;

    /** What is to be done, if anything. */
    static final class Wish {
        @Option(
                names = "--to",
                paramLabel = "COUNT",
                description = "So many are to be there: a power of two up to 1024, more than there are.")
        private @Nullable Integer count;

        @Option(names = "--pause", description = "Hold the change where it is, until --to is said again.")
        private boolean pause;
    }

    public ShardsCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        ApiClient client = access.client(terminal);
        if (wish.count != null) {
            return watch(client, client.post(PATH, "{\"count\":%d}".formatted(wish.count)));
        }
        show(wish.pause ? client.post(PATH + "/pause", "") : client.get(PATH));
        return 0;
    }

    private int watch(ApiClient client, JsonNode first) {
        JsonNode state = first;
        show(state);
        while (!state.path("change").isNull()) {
            if (state.path("change").path("paused").asBoolean()) {
                return 1;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
            JsonNode before = state;
            state = client.get(PATH);
            if (!state.equals(before)) {
                show(state);
            }
        }
        return 0;
    }

    private void show(JsonNode state) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(json ? state : text(state));
        out.flush();
    }

    private static String text(JsonNode state) {
        JsonNode change = state.path("change");
        if (change.isNull()) {
            List<String> tags = new ArrayList<>();
            state.path("tags").forEach(tag -> tags.add(tag.asText()));
            return "shards: %s (%s)".formatted(state.path("count"), String.join(", ", tags));
        }
        StringBuilder text = new StringBuilder("shards: from %s to %s, %s"
                .formatted(
                        change.path("from"),
                        change.path("to"),
                        change.path("paused").asBoolean()
                                ? "held while " + state.path("phase").asText()
                                : state.path("phase").asText()));
        text.append(", people moved: ").append(change.path("people"));
        text.append(", jobs in lines where they were: ").append(change.path("lines"));
        List<String> late = new ArrayList<>();
        change.path("waits_for").forEach(gateway -> late.add(gateway.asText()));
        return late.isEmpty()
                ? text.toString()
                : text.append(", waits for ").append(String.join(", ", late)).toString();
    }
}
