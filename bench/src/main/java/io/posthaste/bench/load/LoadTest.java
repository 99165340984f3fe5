package io.posthaste.bench.load;

import io.posthaste.bench.load.drive.WaitingJobs;
import io.posthaste.bench.load.drive.Workload;
import io.posthaste.bench.load.fault.Scenarios;
import io.posthaste.bench.load.process.LoadException;
import io.posthaste.bench.load.process.ReceiverKeys;
import io.posthaste.bench.load.process.ReceiverProcess;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command line of the load test. Run it through {@code scripts/load}. */
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Feeds a gateway through Redis, accounts for every id, and says what a delivery costs.",
        footer = "Exit code: 0 all accounted for, 1 something was lost or a scenario failed, 2 it could not run.")
public final class LoadTest implements Callable<Integer> {
    @Option(names = "--deliveries", paramLabel = "N", description = "jobs to enqueue (default: 200000)")
    int deliveries = 200_000;

    @Option(names = "--duration", paramLabel = "60s", description = "stop enqueuing after this time")
    @Nullable
    Duration duration;

    @Option(
            names = "--rate",
            paramLabel = "N/s",
            description = "enqueue at a steady rate (default: as fast as delivered)")
    double rate;

    @Option(names = "--actions", paramLabel = "N", description = "actions the jobs are dealt to (default: 20)")
    int actions = 20;

    @Option(names = "--template", description = "zendesk, zapier, lob, whatsapp, form or fixed (default: zendesk)")
    String template = "zendesk";

    @Option(names = "--body-bytes", paramLabel = "N", description = "pad each job's data to at least so many bytes")
    int bodyBytes;

    @Option(names = "--attributes", description = "answers set two attributes on each job's person")
    boolean attributes;

    @Option(names = "--due-in", paramLabel = "5s", description = "each job is due so long after it was enqueued")
    Duration dueIn = Duration.ZERO;

    @Mixin
    final ReceiverOptions receiver = new ReceiverOptions();

    @Option(
            names = "--cold",
            description = "all jobs are enqueued before the gateway starts; the rate then counts from its start")
    boolean cold;

    @Option(
            names = "--hosts",
            paramLabel = "N",
            description = "addresses of 127.1/16 the actions are dealt to (default: 1)")
    int hosts = 1;

    @Option(
            names = "--target",
            paramLabel = "URL",
            description = "send to this receiver instead; ids are then reconciled from the results stream")
    @Nullable
    URI target;

    @Option(names = "--redis", paramLabel = "URI", description = "use this Redis (default: one of its own)")
    @Nullable
    String redis;

    @Option(names = "--fsync", description = "its own Redis' appendfsync: always, everysec or no (default: everysec)")
    String fsync = "everysec";

    @Mixin
    final ScaleOptions scale = new ScaleOptions();

    @Mixin
    final PeerOptions peer = new PeerOptions();

    @Option(
            names = "--bare",
            paramLabel = "N",
            description = "run a bare HTTP client too, in turn with the gateway, with so many requests in flight")
    int bare;

    @Option(names = "--rounds", paramLabel = "N", description = "runs of each contender (default: 1, with a peer 2)")
    int rounds;

    @Option(
            names = "--only",
            paramLabel = "NAME",
            description = "with --peer: run posthaste or bullmq alone",
            hidden = true)
    @Nullable
    String only;

    @Mixin
    final FaultOptions faults = new FaultOptions();

    @Mixin
    final SoakOptions soak = new SoakOptions();

    @Option(
            names = "--waiting",
            paramLabel = "N",
            description = "run once more beside so many jobs that are due in a day, and compare")
    int waiting;

    @Option(names = "--waiting-paused", description = "with --waiting: they are due, in one lane that is paused")
    boolean waitingPaused;

    @Option(
            names = "--redis-only",
            description = "no gateway: what Redis spends on enqueue, claim and settle, --backlog jobs by turns")
    boolean redisOnly;

    @Option(names = "--backlog", paramLabel = "N", description = "without --rate: most jobs waiting (default: 10000)")
    int backlog = 10_000;

    @Option(
            names = "--warm-up",
            paramLabel = "5s",
            description = "not measured, at most a third of the run (default: 5s)")
    Duration warmUp = Duration.ofSeconds(5);

    @Option(names = "--late", paramLabel = "1s", description = "count deliveries later than this (default: 1s)")
    Duration late = Duration.ofSeconds(1);

    @Option(
            names = "--patience",
            paramLabel = "60s",
            description = "how long without any arrival until the rest is lost (default: 60s)")
    Duration patience = Duration.ofSeconds(60);

    @Option(names = "--json", paramLabel = "FILE", description = "write the figures there as well")
    @Nullable
    Path json;

    @Option(
            names = "--work",
            paramLabel = "DIR",
            description = "keep data and logs there (default: a temporary directory)")
    @Nullable
    Path work;

    private LoadTest() {}

    public static void main(String[] arguments) {
        CommandLine line = new CommandLine(new LoadTest());
        line.registerConverter(Duration.class, Units::duration);
        line.registerConverter(Double.TYPE, Units::perSecond);
        line.setExecutionExceptionHandler(LoadTest::explain);
        System.exit(line.execute(arguments));
    }

    @Override
    public Integer call() {
        receiver.check();
        try (WorkDirectory directory = WorkDirectory.open(work)) {
            Setup setup = new Setup(
                    directory.path(),
                    Path.of(System.getProperty("posthaste.root", ".")),
                    new Setup.Redis(redis, fsync, scale.primaries()),
                    scale.gateways(),
                    null);
            if (redisOnly) {
                RedisCost.measure(setup, new Workload(template, actions, bodyBytes, 0), deliveries, backlog);
                return 0;
            }
            if (soak.starts > 0) {
                return new StartTimes(setup).run(soak.starts) ? 0 : 1;
            }
            if (!soak.isNone()) {
                return endurance(setup) ? 0 : 1;
            }
            return (faults.areNone() ? throughput(setup) : reliability(setup)) ? 0 : 1;
        }
    }

    private boolean endurance(Setup setup) {
        LoadException.unless(
                redis == null && target == null && faults.areNone() && scale.primaries() == 0,
                "--soak has its own Redis, receivers and faults; leave --redis, --target, --faults and --cluster out");
        return new Endurance(setup, soak.script(rate, faults), faults.quick()).run(json);
    }

    private boolean reliability(Setup setup) {
        LoadException.unless(
                redis == null && target == null,
                "--faults breaks its own Redis and receiver; leave --redis and --target out");
        LoadException.unless(
                !cold && !receiver.tls() && bare == 0 && receiver.areUsual(),
                "--faults decides what receivers do;"
                        + " leave --latency, --errors, --close-idle, --tls, --bare and --cold out");
        Workload workload = new Workload(template, actions, bodyBytes, 0);
        if (faults.before != null) {
            return Reliability.rollout(setup, workload, faults.before, faults.script(rate));
        }
        if (scale.primaries() > 0) {
            return ClusterReliability.run(setup, workload, faults.script(rate), faults.names());
        }
        return new Reliability(setup, workload, faults.perSecond(rate), faults.quick())
                .run(Scenarios.named(faults.names()), faults.seed(), json);
    }

    private boolean throughput(Setup given) {
        Workload workload = new Workload(template, actions, bodyBytes, dueIn.toMillis())
                .with(attributes ? Workload.Attributes.OWN : Workload.Attributes.NOBODYS);
        checkThroughput();
        ReceiverKeys keys = receiver.tls() ? ReceiverKeys.make(given.work(), hosts) : null;
        Setup setup = keys == null ? given : given.trusting(keys);
        Comparison comparison = new Comparison(setup, workload, plan(), receiver.policy(), cold);
        if (waiting > 0) {
            comparison.beside(new WaitingJobs(waiting, waitingPaused));
        }
        if (bare > 0) {
            comparison.besideBare(bare);
        }
        if (peer.isGiven()) {
            comparison.against(peer.settings(rate > 0));
        }
        if (receiver.http2()) {
            comparison.overBothVersions();
        }
        try (ReceiverProcess builtin =
                ReceiverProcess.start(setup.work(), Contender.SIGNING_KEY, receiver.serving(hosts > 1, keys))) {
            receiver.teach(builtin, actions);
            Target destination = new Target(target == null ? builtin.uri() : target, hosts);
            return comparison.run(target == null ? builtin : null, destination, rounds, only, json);
        }
    }

    private void checkThroughput() {
        scale.check(redis != null || waiting > 0 || peer.isGiven() || bare > 0 || !dueIn.isZero());
        LoadException.unless(
                hosts >= 1 && hosts <= ReceiverProcess.MOST_HOSTS && (hosts == 1 || target == null),
                "--hosts " + hosts + ": 1 to " + ReceiverProcess.MOST_HOSTS + ", and without --target");
        peer.check();
        LoadException.unless(
                !cold || (rate == 0 && waiting == 0),
                "--cold: all jobs are due at once; leave --rate and --waiting out");
        LoadException.unless(
                !receiver.http2() || (waiting == 0 && !peer.isGiven() && bare == 0 && scale.primaries() == 0),
                "--http2 compares HTTP/1.1 with HTTP/2; leave --waiting, --peer, --bare and --cluster out");
        LoadException.unless(
                target == null || (!receiver.tls() && receiver.areUsual()),
                "--latency, --errors, --close-idle and --tls are the built-in receiver's; leave --target out");
    }

    private Plan plan() {
        return new Plan(Plan.most(deliveries, duration, rate), rate, duration, backlog, warmUp, late, patience);
    }

    private static int explain(Exception failure, CommandLine line, CommandLine.ParseResult ignored) throws Exception {
        if (failure instanceof LoadException) {
            System.err.println("load: " + failure.getMessage());
            return 2;
        }
        throw failure;
    }
}
