package io.posthaste.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs the template benchmarks and says how they stand to each other: {@code scripts/bench-liquid [part] [JMH options]}.
 * Each part takes some minutes; all figures of a part are of one run.
 */
public final class LiquidTable {
    private static final List<String> BODIES = List.of("zendesk", "close", "lob", "loop20");
    private static final Pattern PEER_LINE = Pattern.compile("(\\w+) +render (\\d+) ns, parse (\\d+) ns");

    private final CommandLineOptions options;

    private record Cost(double nanos, double bytes) {}

    private LiquidTable(CommandLineOptions options) {
        this.options = options;
    }

    public static void main(String[] args) throws Exception {
        String part = args.length > 0 ? args[0] : "all";
        String[] rest = args.length > 0 ? List.of(args).subList(1, args.length).toArray(String[]::new) : args;
        new LiquidTable(new CommandLineOptions(rest)).run(part);
    }

    private void run(String part) throws RunnerException, IOException, InterruptedException {
        switch (part) {
            case "all" -> {
                render();
                peer();
                cold();
                threads();
            }
            case "render" -> render();
            case "peer" -> peer();
            case "cold" -> cold();
            case "threads" -> threads();
            default -> throw new IllegalArgumentException("no part " + part + "; all, render, peer, cold, threads");
        }
    }

    private void render() throws RunnerException, IOException {
        Map<String, Cost> costs = costs("LiquidBenchmark.(compiled|handWritten|liqp)", 1);
        line("body", "bytes out", "ours", "by hand", "ratio", "Liqp", "times", "B/render", "2 x out + 512");
        for (String body : BODIES) {
            Cost ours = cost(costs, "compiled", body);
            Cost hand = cost(costs, "handWritten", body);
            Cost liqp = cost(costs, "liqp", body);
            int output = LiquidBenchmark.rendered(body).length;
            line(
                    body,
                    output,
                    nanos(ours),
                    nanos(hand),
                    ratio(ours, hand),
                    nanos(liqp),
                    ratio(liqp, ours),
                    Math.round(ours.bytes()),
                    2 * output + 512);
        }
    }

    private void peer() throws RunnerException, IOException, InterruptedException {
        Map<String, Cost> costs = costs("LiquidBenchmark.compiled", 1);
        Map<String, Cost> peer = liquidjs();
        line("body", "ours", "liquidjs", "times");
        for (String body : BODIES) {
            Cost ours = cost(costs, "compiled", body);
            Cost theirs = cost(peer, "render", body);
            line(body, nanos(ours), nanos(theirs), ratio(theirs, ours));
        }
    }

    private static Map<String, Cost> liquidjs() throws IOException, InterruptedException {
        Process node = new ProcessBuilder("node", "bench/peers/liquidjs/bench.js")
                .directory(new File(System.getProperty("posthaste.root", ".")))
                .redirectErrorStream(true)
                .start();
        Map<String, Cost> costs = new LinkedHashMap<>();
        try (BufferedReader out = node.inputReader(UTF_8)) {
            out.lines().forEach(line -> {
                Matcher match = PEER_LINE.matcher(line);
                if (match.matches()) {
                    costs.put("render " + match.group(1), new Cost(Double.parseDouble(match.group(2)), 0));
                }
            });
        }
        if (node.waitFor() != 0 || costs.isEmpty()) {
            throw new IllegalStateException("liquidjs did not run; npm ci in bench/peers/liquidjs");
        }
        return costs;
    }

    private void cold() throws RunnerException {
        Map<String, Cost> parse = costs("LiquidParseBenchmark", 1);
        Map<String, Cost> lint = costs("JsonLintBenchmark.check", 1);
        Map<String, Cost> job = costs("LiquidBenchmark.(jobToBytes|compiled)", 1);
        line("cold", "bytes", "ours", "Liqp, parsed only", "times");
        Cost ours = cost(parse, "parse", "");
        Cost liqp = cost(parse, "liqp", "");
        line("parse, check, compile", LiquidCases.LARGE.length(), nanos(ours), nanos(liqp), ratio(liqp, ours));
        double kibibytes = LiquidCases.DATA.getBytes(UTF_8).length / 1024.0;
        line("lint, for each KiB", 1024, Math.round(cost(lint, "check", "").nanos() / kibibytes), "", "");
        line("job to bytes", "", "read and rendered", "rendered", "");
        for (String body : BODIES) {
            line(body, "", nanos(cost(job, "jobToBytes", body)), nanos(cost(job, "compiled", body)), "");
        }
    }

    private void threads() throws RunnerException {
        Cost one = cost(costs("LiquidBenchmark.compiled", 1), "compiled", "zendesk");
        int cores = Runtime.getRuntime().availableProcessors();
        Cost all = cost(costs("LiquidBenchmark.compiled", cores), "compiled", "zendesk");
        line("threads, one template", "ns", "renders/s", "of ideal");
        line("1", nanos(one), Math.round(1e9 / one.nanos()), "");
        line(cores, nanos(all), Math.round(cores * 1e9 / all.nanos()), ratio(one, all));
    }

    private Map<String, Cost> costs(String benchmarks, int threads) throws RunnerException {
        OptionsBuilder builder = new OptionsBuilder();
        builder.parent(options);
        builder.include(benchmarks)
                .threads(threads)
                .verbosity(VerboseMode.SILENT)
                .addProfiler(GCProfiler.class);
        System.err.println("running " + benchmarks);
        Map<String, Cost> costs = new LinkedHashMap<>();
        for (RunResult result : new Runner(builder.build()).run()) {
            String name = result.getParams().getBenchmark();
            String body = Objects.requireNonNullElse(result.getParams().getParam("body"), "");
            double bytes =
                    result.getSecondaryResults().get("gc.alloc.rate.norm").getScore();
            costs.put(
                    name.substring(name.lastIndexOf('.') + 1) + " " + body,
                    new Cost(result.getPrimaryResult().getScore(), bytes));
        }
        return costs;
    }

    private static Cost cost(Map<String, Cost> costs, String benchmark, String body) {
        return Objects.requireNonNull(costs.get(benchmark + " " + body), benchmark + " " + body + " did not run");
    }

    private static long nanos(Cost cost) {
        return Math.round(cost.nanos());
    }

    private static String ratio(Cost of, Cost to) {
        return String.format(Locale.ROOT, "%.2f", of.nanos() / to.nanos());
    }

    private static void line(Object... cells) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.length; i++) {
            line.append(String.format(Locale.ROOT, i == 0 ? "%-26s" : "%18s", cells[i]));
        }
        System.out.println(line);
    }
}
