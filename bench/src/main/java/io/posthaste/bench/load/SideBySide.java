package io.posthaste.bench.load;

import io.posthaste.bench.load.drive.Latency;
import io.posthaste.bench.load.process.LoadException;
import io.posthaste.bench.load.receiver.Receiver;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** What the same runs measured over HTTP/1.1 and over HTTP/2: the mean of each figure, and how many times the one it is. */
final class SideBySide {
    private static final Map<String, Double> PERCENTILES =
            new TreeMap<>(Map.of("p50", 50.0, "p90", 90.0, "p99", 99.0, "p99.9", 99.9));

    private final List<Figures> http1;
    private final List<Figures> http2;

    /**
     * One figure of both.
     *
     * @param http1 mean of the runs over HTTP/1.1
     * @param http2 mean of those over HTTP/2
     */
    record Row(String figure, double http1, double http2) {}

    private SideBySide(List<Figures> http1, List<Figures> http2) {
        this.http1 = http1;
        this.http2 = http2;
    }

    /** Complains when a run did not speak what it is named after: then nothing was compared. */
    static SideBySide of(List<Figures> http1, List<Figures> http2) {
        http1.forEach(run -> check(run, 0));
        http2.forEach(run -> check(run, run.receiver("requests")));
        return new SideBySide(http1, http2);
    }

    private static void check(Figures run, long expected) {
        long came = run.receiver("requests_http2");
        LoadException.unless(
                came == expected,
                "%s: %,d of %,d requests came over HTTP/2".formatted(run.contender(), came, run.receiver("requests")));
    }

    List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        rows.add(row("deliveries/s", Figures::perSecond));
        rows.add(row("gateway, us of CPU per delivery", run -> run.cpu().worker()));
        rows.add(row("Redis, us of CPU per delivery", run -> run.cpu().redis()));
        rows.add(row("receiver, us of CPU per delivery", run -> run.cpu().receiver()));
        if (Stream.concat(http1.stream(), http2.stream()).allMatch(run -> run.latency() != null)) {
            PERCENTILES.forEach((name, percentile) ->
                    rows.add(row("enqueue to arrival, %s, ms".formatted(name), run -> millis(run, percentile))));
        }
        rows.add(row("connections made", run -> run.receiver("connects")));
        rows.add(row("connections at a time", run -> run.receiver(Receiver.MOST_CONNECTIONS)));
        return rows;
    }

    void print() {
        System.out.printf("%n%-34s %12s %12s %8s%n", "", "HTTP/1.1", "HTTP/2", "times");
        for (Row row : rows()) {
            String times = row.http1() == 0 ? "" : "%.2f".formatted(row.http2() / row.http1());
            System.out.printf("%-34s %,12.1f %,12.1f %8s%n", row.figure(), row.http1(), row.http2(), times);
        }
    }

    /** The same, for a machine to read. */
    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        rows().forEach(row -> json.put(row.figure(), row));
        return json;
    }

    private Row row(String name, ToDoubleFunction<Figures> figure) {
        return new Row(name, mean(http1, figure), mean(http2, figure));
    }

    private static double mean(List<Figures> runs, ToDoubleFunction<Figures> figure) {
        return runs.stream().mapToDouble(figure).average().orElse(Double.NaN);
    }

    private static double millis(Figures run, double percentile) {
        Latency latency = run.latency();
        return latency == null ? Double.NaN : latency.percentile(percentile);
    }
}
