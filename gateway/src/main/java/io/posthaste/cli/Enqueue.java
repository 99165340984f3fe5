package io.posthaste.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Enqueues jobs from a shell, through the same checks as {@code POST /v1/deliveries}. */
@Command(
        name = "enqueue",
        description = {
            "Enqueues a job for a stored action, or with --jobs whole jobs as the API takes them.",
            "Prints the ids, one a line."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:written to the inbox",
            "1:the gateway refused it, and nothing was written",
            "2:the command was used wrongly, or no gateway answers"
        },
        footer = {
            "",
            "Example: echo '{\"customer\":{\"id\":\"1007\"}}' | posthaste enqueue --action welcome --id order-1007"
        })
public final class Enqueue extends GatewayCommand {
    @Option(names = "--action", paramLabel = "ID", description = "The action to run.")
    private @Nullable String action;

    @Option(names = "--jobs", description = "FILE holds a job, or an array of up to 1,000, with all their fields.")
    private boolean jobs;

    @Option(names = "--id", paramLabel = "ID", description = "The delivery's id. Default: a new one.")
    private @Nullable String id;

    @Option(names = "--at", paramLabel = "TIME", description = "Not before: epoch milliseconds or RFC 3339.")
    private @Nullable String at;

    @Option(names = "--key", paramLabel = "KEY", description = "The idempotency key. Default: the id.")
    private @Nullable String key;

    @Option(
            names = "--order",
            paramLabel = "KEY",
            description = "Jobs of the action with the same key are attempted one at a time, in turn.")
    private @Nullable String order;

    @Option(names = "--draft", description = "Render and hold it instead of sending it.")
    private boolean draft;

    @Option(names = "--durable", description = "Wait until a replica has it, or the disk where there is none.")
    private boolean durable;

    @Option(names = "--json", description = "Print the gateway's answer as it is.")
    private boolean json;

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            description = "The job's data: a JSON object with customer, event, ... Default: standard input.")
    private @Nullable Path file;

    public Enqueue(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        if (jobs == (action != null)) {
            throw wrong("give either --action, or --jobs");
        }
        if (jobs && (id != null || at != null || key != null || order != null || draft)) {
            throw wrong("with --jobs, each job has its own id, at, key, order and draft");
        }
        JsonNode answer = access.client(terminal)
                .post("/v1/deliveries" + (durable ? "?durable=1" : ""), jobs ? terminal.json(file, spec) : job());
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(answer);
        } else {
            answer.path("ids").forEach(written -> out.println(written.asText()));
        }
        return 0;
    }

    /** The data keep their text: numbers and spaces reach the template as they were written. */
    private String job() {
        String data = terminal.json(file, spec);
        Map<String, String> fields = new LinkedHashMap<>();
        quote(fields, "id", id);
        quote(fields, "action", action);
        quote(fields, "at", at);
        quote(fields, "key", key);
        quote(fields, "order", order);
        fields.put("draft", "" + draft);
        fields.put("data", data);
        return fields.entrySet().stream()
                .map(field -> "\"" + field.getKey() + "\":" + field.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static void quote(Map<String, String> fields, String name, @Nullable String value) {
        if (value != null) {
            fields.put(name, TextNode.valueOf(value).toString());
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
