package io.posthaste.bench.load.fault;

import io.posthaste.bench.load.drive.Arrivals;
import io.posthaste.bench.load.drive.Clock;
import io.posthaste.bench.load.drive.Drive;
import io.posthaste.bench.load.drive.Feed;
import io.posthaste.bench.load.drive.Ledger;
import io.posthaste.bench.load.drive.Progress;
import io.posthaste.bench.load.drive.Reconciliation;
import io.posthaste.bench.load.drive.Usage;
import io.posthaste.bench.load.drive.Workload;
import io.posthaste.bench.load.process.GatewayProcess;
import io.posthaste.bench.load.process.ReceiverProcess;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** The loads of a stage, whatever Redis is on it: started, ended, and accounted for at the receiver. */
public record Loads(ReceiverProcess receiver) {
    /** A time-out on a busy machine must not pass for a second delivery. */
    public static final int PATIENT_MILLIS = 10_000;

    private static final int MOST_JOBS = 2_000_000;
    private static final long LATE_MICROS = 1_000_000;
    private static final Usage NO_USAGE = new Usage(0, 0, 0, 0);

    /** Makes what enqueues a run's jobs. */
    @FunctionalInterface
    public interface Feeding {
        /** @param run prefix of all ids of the run */
        Feed of(String run, Ledger ledger);
    }

    /** Stores an action, with about 50 retries a second apart. */
    public void putAction(GatewayProcess gateway, Workload of, int action, int timeoutMillis) {
        String url = receiver.uri().resolve(Workload.path(action)).toString();
        String policy = Workload.retry(timeoutMillis, "250, 500" + ", 1000".repeat(48));
        gateway.putAction(Workload.actionId(action), of.action(action, url, policy));
    }

    public Drive start(Feeding feeding) {
        String run = "f" + Long.toString(Clock.micros() % 2_000_000_000L, 36);
        Ledger ledger = new Ledger(run, MOST_JOBS);
        Arrivals.AtReceiver arrivals = new Arrivals.AtReceiver(receiver);
        arrivals.skip();
        Drive drive = new Drive(feeding.of(run, ledger), ledger, arrivals, () -> NO_USAGE, new Progress(false));
        drive.start();
        return drive;
    }

    /**
     * Ends the load, waits until nothing is left to do, and accounts for every job.
     *
     * @param patience without a new arrival
     * @param settled whether no job waits, retries or is leased
     */
    public Reconciliation finish(Drive drive, Duration patience, BooleanSupplier settled) {
        drive.stopFeeding();
        drive.awaitFed(Duration.ofSeconds(60));
        drive.drain(patience, settled);
        drive.finish();
        return Reconciliation.of(drive.ledger(), drive.offered(), LATE_MICROS);
    }
}
