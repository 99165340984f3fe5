package io.posthaste.cli;

import io.posthaste.config.ConfigException;
import io.posthaste.http.UnsafeListenerException;
import io.posthaste.redis.UnusableRedisException;
import io.posthaste.redis.embedded.EmbeddedRedisException;
import java.io.PrintWriter;
import java.time.InstantSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line: one subcommand for each thing people do with a gateway from a shell. */
@Command(
        name = "posthaste",
        description = "A gateway that webhooks leave by.",
        synopsisSubcommandLabel = "COMMAND",
        scope = ScopeType.INHERIT, // --help and --version belong to every command.
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class)
public final class Main {
    private static final int WRONG_INPUT = CommandLine.ExitCode.USAGE;
    private static final int REFUSED = 1;

    private Main() {}

    public static void main(String[] arguments) {
        Terminal terminal = new Terminal(System.in, System.getenv(), InstantSource.system());
        System.exit(commandLine(terminal).execute(arguments));
    }

    /** All commands; {@code terminal} is what they read. */
    public static CommandLine commandLine(Terminal terminal) {
        CommandLine main = new CommandLine(new Main())
                .addSubcommand(new Serve(terminal))
                .addSubcommand(new Demo(terminal))
                .addSubcommand(new Enqueue(terminal))
                .addSubcommand(new Preview(terminal))
                .addSubcommand(new Redrive(terminal))
                .addSubcommand(new Sign(terminal))
                .addSubcommand(new Verify(terminal))
                .addSubcommand(new ExplainRetries(terminal))
                .addSubcommand(new ShardsCommand(terminal))
                .addSubcommand(new Doctor(terminal));
        return main.setParameterExceptionHandler(Main::refuse)
                .setExecutionExceptionHandler(Main::explain)
                .setAbbreviatedOptionsAllowed(false);
    }

    /** One line for what is wrong, one for where to read on; not the whole help. */
    private static int refuse(ParameterException wrong, String[] arguments) {
        CommandLine command = wrong.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(wrong.getMessage());
        UnmatchedArgumentException.printSuggestions(wrong, err);
        err.printf("Try '%s --help'.%n", command.getCommandSpec().qualifiedName());
        return WRONG_INPUT;
    }

    /** What someone can put right is told in its own words; anything else is a bug and keeps its stack trace. */
    private static int explain(Exception failure, CommandLine command, ParseResult parsed) throws Exception {
        return switch (failure) {
            case ConfigException wrong -> say(wrong, command);
            case EmbeddedRedisException wrong -> say(wrong, command);
            case UnusableRedisException wrong -> say(wrong, command);
            case UnsafeListenerException wrong -> say(wrong, command);
            case ApiClient.Unreachable wrong -> say(wrong, command);
            case ApiClient.Refused no -> refused(no, command);
            default -> throw failure;
        };
    }

    /** With {@code --json} the problem document is the answer. */
    private static int refused(ApiClient.Refused no, CommandLine command) {
        if (command.getParseResult().hasMatchedOption("--json")) {
            command.getOut().println(no.problem());
        } else {
            command.getErr().println(no.getMessage());
        }
        return REFUSED;
    }

    private static int say(RuntimeException wrong, CommandLine command) {
        command.getErr().println(wrong.getMessage());
        return WRONG_INPUT;
    }

    /** The jar's version. */
    public static final class Version implements CommandLine.IVersionProvider {
        /** The bare version, as receivers see it too. */
        public static String text() {
            String version = Main.class.getPackage().getImplementationVersion();
            return version == null ? "unpackaged" : version;
        }

        @Override
        public String[] getVersion() {
            return new String[] {"posthaste " + text()};
        }
    }
}
