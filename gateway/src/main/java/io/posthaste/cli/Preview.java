package io.posthaste.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Shows from a shell what an action would send. */
@Command(
        name = "preview",
        description = {
            "Shows the request that an action would send for these data, secrets masked. Nothing is sent.",
            "The request goes to standard output, warnings to standard error."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:it would be sent",
            "1:it would not: the template does not fit the data, or decides not to send",
            "2:the command was used wrongly, or no gateway answers"
        },
        footer = {
            "",
            "Example: echo '{\"customer\":{\"id\":\"1007\"}}' | posthaste preview welcome",
            "         posthaste preview --definition action.json data.json"
        })
public final class Preview extends GatewayCommand {
    @Option(names = "--definition", paramLabel = "FILE", description = "An action that is not stored, as JSON.")
    private @Nullable Path definition;

    @Option(names = "--json", description = "Print the gateway's answer as it is.")
    private boolean json;

    @Parameters(
            arity = "0..2",
            paramLabel = "[ACTION] [FILE]",
            hideParamSyntax = true,
            description = "The stored action's id, unless --definition is given; "
                    + "and the job's data, a JSON object. Default: standard input.")
    private String[] arguments = {};

    public Preview(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        int names = definition == null ? 1 : 0;
        if (arguments.length < names || arguments.length > names + 1) {
            throw new ParameterException(
                    spec.commandLine(), "give either an action's id or --definition, and at most one file of data");
        }
        Path file = arguments.length > names ? Path.of(arguments[names]) : null;
        String data = terminal.json(file, spec);
        ApiClient client = access.client(terminal);
        JsonNode answer = definition == null
                ? client.post("/v1/actions/" + arguments[0] + "/preview", "{\"data\":" + data + "}")
                : client.post(
                        "/v1/preview", "{\"action\":" + terminal.json(definition, spec) + ",\"data\":" + data + "}");
        print(answer);
        return answer.path("request").isNull() ? 1 : 0;
    }

    private void print(JsonNode answer) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(answer);
            return;
        }
        PrintWriter err = spec.commandLine().getErr();
        answer.path("warnings").forEach(warning -> err.println("warning: " + ApiClient.Refused.line(warning)));
        answer.path("missing").forEach(name -> err.println("warning: " + name.asText() + " has no value"));
        if (answer.path("request").isNull()) {
            err.println("not sent: " + answer.path("aborted").asText());
            return;
        }
        JsonNode request = answer.path("request");
        out.println(request.path("method").asText() + " " + request.path("url").asText());
        request.path("headers")
                .forEach(header -> out.println(header.path("name").asText() + ": "
                        + header.path("value").asText()));
        out.println();
        out.println(request.path("body").asText());
    }
}
