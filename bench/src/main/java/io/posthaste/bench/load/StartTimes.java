package io.posthaste.bench.load;

import io.posthaste.bench.load.drive.Clock;
import io.posthaste.bench.load.drive.Templates;
import io.posthaste.bench.load.drive.Workload;
import io.posthaste.bench.load.process.LoadException;
import io.posthaste.bench.load.process.ReceiverProcess;
import io.posthaste.bench.load.process.ReceiverProcess.Serving;
import io.posthaste.bench.load.process.StartScript;
import io.posthaste.bench.load.receiver.ArrivalLog;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * How long it takes from {@code scripts/start} to the first delivery: a job is due in the embedded Redis' file when the
 * script is started, and the time ends when its request is at the receiver.
 */
final class StartTimes {
    /** A job is enqueued so long before it is due, and the gateway stopped in between. */
    private static final Duration DUE_IN = Duration.ofSeconds(5);

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final long LOOK_NANOS = 2_000_000;

    private final Setup setup;

    StartTimes(Setup setup) {
        this.setup = setup;
    }

    /**
     * One start, in milliseconds since the script was started.
     *
     * @param awake its first line: the JVM runs and has read the configuration
     * @param listening the API takes connections
     * @param delivered the first request is at the receiver
     * @param cpu that all of it took until then
     */
    private record Times(double awake, double listening, double delivered, double cpu) {}

    /** Starts it so many times, after one start that is not counted, and prints what it took. */
    boolean run(int starts) {
        try (ReceiverProcess receiver =
                ReceiverProcess.start(setup.work(), Contender.SIGNING_KEY, Serving.EVERYWHERE)) {
            StartScript script = new StartScript(setup.root(), setup.work(), settings(receiver));
            script.start();
            script.awaitListening(LIMIT);
            String url = receiver.uri().resolve(Workload.path(0)).toString();
            script.put(
                    "/v1/actions/" + Workload.actionId(0),
                    Templates.named("zendesk").action("start", url, null));
            List<Times> all = new ArrayList<>();
            for (int start = 0; start <= starts; start++) {
                Times times = start(script, receiver, start);
                if (start > 0) {
                    all.add(times);
                }
            }
            script.stop();
            print(all);
        }
        return true;
    }

    private Map<String, String> settings(ReceiverProcess receiver) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("POSTHASTE_SEND_ALLOW_ADDRESSES", new Target(receiver.uri(), 1).allowed());
        settings.put("POSTHASTE_KEYS_SIGNING", Contender.SIGNING_KEY);
        settings.put("POSTHASTE_JAVA_OPTS", String.join(" ", setup.gateways().javaOptions()));
        settings.putAll(setup.gateways().settings());
        return settings;
    }

    private static Times start(StartScript script, ReceiverProcess receiver, int number) {
        Instant due = Instant.now().plus(DUE_IN);
        script.post("/v1/deliveries", job(number, due));
        script.stop();
        LoadException.unless(Instant.now().isBefore(due), "the gateway took longer than 5 s to stop");
        LockSupport.parkNanos(Duration.between(Instant.now(), due).toNanos());
        receiver.arrivals();
        long from = Clock.micros();
        script.start();
        script.awaitFirstLine(LIMIT);
        long awake = Clock.micros() - from;
        script.awaitListening(LIMIT);
        long listening = Clock.micros() - from;
        long delivered = arrival(receiver) - from;
        double cpu = script.cpuMicros() / 1e3;
        return new Times(awake / 1e3, listening / 1e3, delivered / 1e3, cpu);
    }

    private static String job(int number, Instant due) {
        String customer =
                "{\"first_name\": \"Ada\", \"last_name\": \"L\", \"company_name\": \"Engines\", \"email\": \"ada@example.com\"}";
        return "{\"id\": \"start-%d\", \"action\": \"%s\", \"at\": \"%s\", \"data\": {\"customer\": %s, \"event\": {\"feedback\": \"-\"}}}"
                .formatted(number, Workload.actionId(0), due, customer);
    }

    private static long arrival(ReceiverProcess receiver) {
        AtomicLong at = new AtomicLong();
        long deadline = System.nanoTime() + LIMIT.toNanos();
        ArrivalLog.Visitor first = (micros, status, checksum, bytes, start, length) -> at.compareAndSet(0, micros);
        while (at.get() == 0) {
            LoadException.unless(System.nanoTime() < deadline, "nothing was delivered");
            ArrivalLog.read(receiver.arrivals(), first);
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return at.get();
    }

    private static void print(List<Times> all) {
        System.out.printf(
                "%d starts of scripts/start, ms%n%-24s %8s %8s %8s%n", all.size(), "", "least", "median", "most");
        line("first line", all.stream().mapToDouble(Times::awake).toArray());
        line("API listens", all.stream().mapToDouble(Times::listening).toArray());
        line("first delivery", all.stream().mapToDouble(Times::delivered).toArray());
        line("CPU until then", all.stream().mapToDouble(Times::cpu).toArray());
    }

    private static void line(String what, double[] millis) {
        Arrays.sort(millis);
        System.out.printf(
                "%-24s %,8.0f %,8.0f %,8.0f%n", what, millis[0], millis[millis.length / 2], millis[millis.length - 1]);
    }
}
